"""Brings home what a board has in its journal, without any network: `python -m tools.dump --port
DEVICE`, or `make dump`. `make journal` prints it, `python -m tools.headend load` takes it in;
since nothing in it says whose it is, the file is called after the collector.

Nothing is changed. Exit status 1 when something is wrong; one line says what, and what to do.
"""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from esptool.cmds import read_flash
from esptool.loader import ESPLoader
from mp_image_tool_esp32.partition_table import PartitionTable

from tools import chip
from tools.build import ROOT
from tools.chip import ChipError
from tools.ending import status
from tools.identity import config_text
from tools.journal.image import ImageError, read_image

_NAME = re.compile(r"[a-z0-9-]{1,32}")
_NOBODY = "a_board"


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0, or 1 with the reason on standard error."""
    options = _parser().parse_args(arguments)
    path = options.output
    try:
        data, collector = _journal(options)
        path = path or ROOT / "build" / f"{collector or _NOBODY}.journal"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        records = read_image(path).records
    except (ChipError, ImageError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: {path}: cannot be written: {error.strerror}", file=sys.stderr)
        return 1
    last = f", the last one number {records[-1].seq}" if records else ""
    print(f"{path}: {len(records)} records{last}. `make journal IMAGE=` prints them.")
    whose = collector or "not known: its configuration cannot be read"
    print(f"collector: {whose}")
    return 0


def _journal(options: argparse.Namespace) -> tuple[bytes, str | None]:
    """What the partition holds, and the collector's name; None: it cannot be told."""
    with chip.connected(options) as found:
        table = chip.table(found)
        data = _partition(found, table, "journal")
        if not data:
            raise ChipError(f"{options.port}: this board has no journal: it was never flashed")
        return data, _collector(found, _partition(found, table, "identity"))


def _partition(found: ESPLoader, table: PartitionTable | None, name: str) -> bytes:
    there = table.find(name) if table else None
    return read_flash(found, there.offset, there.size) or b"" if there else b""


def _collector(found: ESPLoader, identity: bytes) -> str | None:
    """As firmware/assembly.py names it: as it was configured, else after the chip."""
    text = config_text(identity)
    if text is None:
        return None
    chip_id = bytes(found.read_mac("BASE_MAC")).hex()
    try:
        named = json.loads(text).get("collector.id") or f"pk-{chip_id}"
        return named if _NAME.fullmatch(named) else None
    except (ValueError, AttributeError, TypeError):  # it is no configuration
        return None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.dump", description=__doc__)
    chip.add_options(parser)
    parser.add_argument("--output", type=Path, metavar="FILE", help="else build/COLLECTOR.journal")
    return parser


if __name__ == "__main__":
    sys.exit(status(main))
