"""Brings home what a board has in its journal, without any network: `python -m tools.dump --port
DEVICE`, or `make dump`. `make journal` prints it.

Nothing is changed. Exit status 1 when something is wrong; one line says what, and what to do.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from esptool.cmds import read_flash

from tools import chip
from tools.build import ROOT
from tools.chip import ChipError
from tools.journal.image import ImageError, read_image


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0, or 1 with the reason on standard error."""
    options = _parser().parse_args(arguments)
    try:
        data = _journal(options)
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_bytes(data)
        records = read_image(options.output).records
    except (ChipError, ImageError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: {options.output}: cannot be written: {error.strerror}", file=sys.stderr)
        return 1
    last = f", the last one number {records[-1].seq}" if records else ""
    print(f"{options.output}: {len(records)} records{last}. `make journal IMAGE=` prints them.")
    return 0


def _journal(options: argparse.Namespace) -> bytes:
    with chip.connected(options) as found:
        table = chip.table(found)
        there = table.find("journal") if table else None
        if not there:
            raise ChipError(f"{options.port}: this board has no journal: it was never flashed")
        return read_flash(found, there.offset, there.size) or b""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.dump", description=__doc__)
    chip.add_options(parser)
    parser.add_argument(
        "--output", type=Path, default=ROOT / "build" / "board.journal", metavar="FILE"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
