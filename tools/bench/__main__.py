"""`make bench`: measures, prints tables beside the targets, and writes build/bench.json."""

import argparse
import json
import sys
from pathlib import Path

from rich.console import Console

from host_sim.process import ROOT, InterpreterMissing
from tools.bench import (
    headend,
    heap,
    journal,
    leaks,
    message_bytes,
    modbus,
    power,
    pulse,
    simulation,
    uplink,
)
from tools.bench.bench import Bench, Progress, Results
from tools.bench.flash import BenchError
from tools.broker import BrokerError
from tools.ending import status

LOG_COLUMNS = 120
BENCHES: tuple[Bench, ...] = (
    journal,
    modbus,
    pulse,
    power,
    heap,
    leaks,
    message_bytes,
    uplink,
    headend,
    simulation,
)


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 when everything was measured, whether a target was missed or not; else 1."""
    options = _parser().parse_args(arguments)
    console = Console()
    if not console.is_terminal:
        console = Console(width=LOG_COLUMNS)
    chosen = [bench for bench in BENCHES if bench.NAME in options.only]
    try:
        results = _measure(chosen, Progress(console))
    except (BenchError, BrokerError, InterpreterMissing) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for bench in chosen:
        for table in bench.tables(results):
            console.print(table)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(results, indent=1) + "\n")
    console.print(_last_line(results), highlight=False, soft_wrap=True)
    return 0


def _measure(benches: list[Bench], progress: Progress) -> Results:
    results: Results = {}
    for bench in benches:
        results |= bench.measure(progress)
    results["targets"] = [each for bench in benches for each in bench.verdicts(results)]
    return results


def _last_line(results: Results) -> str:
    targets = results["targets"]
    missed = [each["figure"] for each in targets if not each["met"]]
    line = f"{len(targets) - len(missed)} of {len(targets)} targets met"
    return f"{line}; missed: {', '.join(missed)}" if missed else line


def _parser() -> argparse.ArgumentParser:
    names = [bench.NAME for bench in BENCHES]
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=names, default=names, help="some of them")
    parser.add_argument(
        "--output", type=Path, default=ROOT / "build" / "bench.json", help="where the figures go"
    )
    return parser


if __name__ == "__main__":
    sys.exit(status(main))
