"""The command line of the scan."""

import argparse
from itertools import product
from pathlib import Path

from tools.scan.plan import ADDRESSES, PZEM_GENERAL
from tools.scan.settings import ALL_BAUDS_BPS, BAUDS_BPS, FORMATS, Settings, parse_format

# From the end of a request to the first byte of the answer: meters take 5 to 60 ms, an adapter
# 16 ms to hand it over.
PATIENCE_MS = 120


def parser() -> argparse.ArgumentParser:
    """`port` is None for the simulated line, `settings` all combinations to try."""
    made = argparse.ArgumentParser(
        prog="python -m tools.scan",
        description="Find Modbus meters on a serial port, say which models they are, and show"
        " what they measure. Reads only; writes nothing.",
    )
    made.add_argument("--port", metavar="DEVICE", help="such as /dev/ttyUSB0; else simulated")
    made.add_argument("--baud", type=_bauds, metavar="LIST", help="default: all usual ones")
    made.add_argument("--format", type=_formats, metavar="LIST", help="such as 8N1,8E1")
    made.add_argument("--addresses", type=_addresses, metavar="RANGE", help="such as 1-16,30")
    made.add_argument("--quick", action="store_true", help="factory settings, addresses 1 to 10")
    made.add_argument("--watch", action="store_true", help="read again and again")
    made.add_argument("--json", action="store_true", help="one object per meter and line")
    made.add_argument(
        "--profiles", type=Path, action="append", default=[], metavar="FOLDER", help="your own"
    )
    made.add_argument(
        "--patience-ms",
        type=_patience,
        default=PATIENCE_MS,
        metavar="MS",
        help=f"longest wait for an answer to begin; default {PATIENCE_MS}",
    )
    return made


def wanted_settings(options: argparse.Namespace) -> list[Settings]:
    """Every combination of speed and format."""
    pairs = product(options.baud or BAUDS_BPS, options.format or map(parse_format, FORMATS))
    return [Settings(baud_bps, parity, stop_bits) for baud_bps, (parity, stop_bits) in pairs]


def wanted_addresses(options: argparse.Namespace) -> list[int]:
    """In the order to ask."""
    return options.addresses or list(ADDRESSES)


def _bauds(text: str) -> list[int]:
    words = text.replace(",", " ").split()
    if not words or not set(words) <= {str(baud) for baud in ALL_BAUDS_BPS}:
        usual = ", ".join(map(str, ALL_BAUDS_BPS))
        raise argparse.ArgumentTypeError(f"{text!r} is no list of speeds out of {usual}")
    return [int(word) for word in words]


def _formats(text: str) -> list[tuple[str, int]]:
    try:
        return [parse_format(word) for word in text.replace(",", " ").split()]
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _addresses(text: str) -> list[int]:
    found: list[int] = []
    try:
        for part in text.replace(",", " ").split():
            first, _, last = part.partition("-")
            found += range(int(first), int(last or first) + 1)
    except ValueError:
        found = []
    if not found or min(found) < 1 or max(found) > PZEM_GENERAL:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no range of addresses such as 1-16: they go from 1 to 247, and"
            f" {PZEM_GENERAL} for any PZEM that is alone on its line"
        )
    return list(dict.fromkeys(found))


def _patience(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 10 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not 10 to 10000 milliseconds")
    return int(text)
