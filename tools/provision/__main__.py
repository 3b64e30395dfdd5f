"""Configures the collectors of a site, one at each port: `python -m tools.provision SITE --port
DEVICE`, or `make provision`.

Safe to repeat: what is right already stays. A line for each goes into a CSV file. Exit status 1
when one could not be done.
"""

import argparse
import csv
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from tools.console.port import CollectorPort, PortError, Refused
from tools.ending import status
from tools.provision.collector import provision
from tools.provision.site import Site, SiteError, load

HEAD: tuple[str, ...] = (
    "time",
    "site",
    "port",
    "collector",
    "board",
    "firmware",
    "result",
    "changed",
    "verdict",
    "code",
    "seconds",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0, or 1 with the reason on standard error."""
    options = _parser().parse_args(arguments)
    try:
        site = load(options.site)
        rows = [_row(site, port, options) for port in options.port]
        _write(options.csv, rows)
    except (SiteError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; what was done stays, and all of it may be repeated", file=sys.stderr)
        return 1
    return int(any(row["result"] != "done" for row in rows))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.provision", description=__doc__)
    parser.add_argument("site", type=Path, metavar="SITE", help="a YAML file")
    parser.add_argument("--port", action="append", required=True, metavar="DEVICE")
    parser.add_argument(
        "--csv", type=Path, default=Path("provisioned.csv"), help="lines are added to it"
    )
    parser.add_argument(
        "--renew-secrets", action="store_true", help="store those, too, that are set already"
    )
    parser.add_argument(
        "--commission", action="store_true", help="have each examined; not to pass is a failure"
    )
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        choices=("water", "gas"),
        help="no meter hangs there; may be repeated",
    )
    return parser


def _row(site: Site, name: str, options: argparse.Namespace) -> dict[str, str]:
    """What became of the collector at one port."""
    console = Console(stderr=True, highlight=False)
    began_s = time.monotonic()
    row = dict.fromkeys(HEAD, "") | {"site": site.name, "port": name}
    row["time"] = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        with (
            console.status(f"{name}: waiting for the collector") as shown,
            CollectorPort(name) as port,
        ):
            outcome = provision(
                port,
                site,
                lambda step: shown.update(f"{name}: {step}"),
                options.renew_secrets,
                options.without if options.commission else None,
            )
    except (PortError, Refused, SiteError) as error:
        row["result"] = str(error)
        console.print(f"{name}: {error}", style="red", markup=False)
    else:
        row |= {"collector": outcome.collector, "board": outcome.board, "result": "done"}
        row |= {"firmware": outcome.firmware, "changed": " ".join(outcome.changed)}
        row |= {"verdict": outcome.verdict, "code": outcome.code}
        told = "done: " + (", ".join(outcome.changed) or "nothing to change")
        if outcome.verdict == "FAIL":
            row["result"] = told = f"examined: FAIL (code {outcome.code}): {outcome.failed}"
        style = "green" if row["result"] == "done" else "red"
        console.print(f"{name}: {outcome.collector}: {told}", style=style, markup=False)
    row["seconds"] = f"{time.monotonic() - began_s:.0f}"
    return row


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    is_new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, HEAD)
        if is_new:
            writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    sys.exit(status(main))
