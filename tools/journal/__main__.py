"""Prints a journal image: `python -m tools.journal IMAGE [--json]`.

Exit status 1 when it cannot be read.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from tools.ending import status
from tools.headend.plain import plain
from tools.journal.image import Image, ImageError, read_image
from tools.journal.names import named
from tools.journal.words import Words


def figures(image: Image) -> dict[str, object]:
    """Statistics and damage."""
    records = image.records
    words = Words()
    marks = [words.describe(each) for each in records if each.name in ("boot", "ack", "loss")]
    return {
        "sectors": len(image.sectors) + len(image.others),
        "in_use": len(image.sectors),
        "epoch": image.sectors[-1].epoch,
        "oldest": records[0].seq if records else None,
        "newest": records[-1].seq if records else None,
        "acked": marks[-1]["acked"] if marks else None,
        "boot": marks[-1]["boot"] if marks else None,
        "kinds": dict(Counter(entry.name for entry in records)),
        "superseded": len(image.superseded),
        "damage": {
            "headers": [s.index for s in (*image.sectors, *image.others) if s.state == "damaged"],
            "stretches": [span for sector in image.sectors for span in sector.junk],
            "missing": image.gaps,
        },
    }


def _line(told: dict[str, Any]) -> str:
    return " ".join(
        f"{key}=({_line(value)})" if isinstance(value, dict) else plain(f"{key}={value}")
        for key, value in told.items()
    )


def _print(image: Image) -> None:
    words = Words()
    print(f"{'seq':>8} {'kind':10} where, and what it says")
    for entry in image.records:
        told = _line(named(words.describe(entry)))
        print(f"{entry.seq:8} {entry.name:10} epoch {entry.epoch} at {entry.offset:#08x}  {told}")
    print()
    for key, value in figures(image).items():
        print(f"{key:10} {value}")


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description="Print the records of a journal image.")
    parser.add_argument("image", type=Path)
    parser.add_argument("--json", action="store_true", help="for programs")
    options = parser.parse_args()
    try:
        image = read_image(options.image)
    except (ImageError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    if options.json:
        words = Words()
        records = [
            {
                "seq": entry.seq,
                "kind": entry.name,
                "epoch": entry.epoch,
                "offset": entry.offset,
                **named(words.describe(entry)),
            }
            for entry in image.records
        ]
        print(json.dumps({"records": records, **figures(image)}))
    else:
        _print(image)
    return 0


if __name__ == "__main__":
    sys.exit(status(main))
