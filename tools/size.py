"""What the firmware takes of a board: bytes of each module in flash, and of the heap after the
start, beside the figures that were committed last: `python -m tools.size BOARD`, or `make size`.

`--commit` writes them down. Exit status 1 where a total has grown by more than a hundredth.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from host_sim.models.house import House
from host_sim.process import MICROPYTHON
from host_sim.scenario import Scenario
from host_sim.simulation import Simulation
from tools import boards
from tools.build import ROOT, build
from tools.ending import status

BASELINE = ROOT / "tools" / "size.json"
START_S = 1_772_409_600  # Monday 2026-03-02 00:00 UTC
MODULES, HEAP = "modules_bytes", "heap_bytes"
NAMES = {MODULES: "compiled modules", HEAP: "heap after the start"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0, or 1 where a total has grown."""
    options = _parser().parse_args(arguments)
    modules = sizes(options.board)
    totals = {MODULES: sum(modules.values())}
    if MICROPYTHON.exists():
        totals[HEAP] = heap_bytes(options.board)
    else:
        print(f"not measured, for want of a 32-bit MicroPython: {NAMES[HEAP]}", file=sys.stderr)
    known = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    _print(options.board, modules, totals, known.get(options.board, {}))
    if options.commit:
        known[options.board] = totals
        BASELINE.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n")
        return 0
    return int(has_grown(totals, known.get(options.board, {})))


def sizes(board: str) -> dict[str, int]:
    """Bytes of each compiled module, by its name."""
    folder = build(board)
    return {
        ".".join(path.relative_to(folder).with_suffix("").parts): path.stat().st_size
        for path in sorted(folder.rglob("*.mpy"))
    }


def heap_bytes(board: str) -> int:
    """Live bytes after the start, as the firmware tells them, with the settings as delivered."""
    plan = Scenario(House(1, START_S), 1, 1, settings={"meter.poll_s": 900}, board=board)
    simulation = Simulation(plan, "micropython")
    simulation.run()
    told = [json.loads(entry.data) for entry in simulation.trace.published("status")]
    free = next(status["heap_free"] for status in told if status.get("heap_free"))
    return plan.heap_bytes - free


def has_grown(totals: dict[str, int], known: dict[str, int]) -> bool:
    """Whether one is a hundredth above what was committed."""
    return any(100 * totals[key] > 101 * known[key] for key in totals.keys() & known.keys())


def _print(
    board: str, modules: dict[str, int], totals: dict[str, int], known: dict[str, int]
) -> None:
    folders: Counter[str] = Counter()
    for name, size in modules.items():
        folders[name.rpartition(".")[0]] += size
    console = Console()
    table = Table("module", "bytes", title=f"{board}: compiled modules")
    table.columns[1].justify = "right"
    for folder, size in sorted(folders.items()):
        inside = [name for name in modules if name.rpartition(".")[0] == folder]
        for name in sorted(inside, key=lambda each: -modules[each]):
            table.add_row(name, f"{modules[name]:,}")
        table.add_row(f"{folder or 'top level'}, {len(inside)}", f"{size:,}", style="bold")
        table.add_section()
    console.print(table)
    for key, total in totals.items():
        before = f", {total - known[key]:+,} since it was committed" if key in known else ""
        console.print(f"{NAMES[key]}: {total:,} bytes{before}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.size", description=__doc__)
    parser.add_argument("board", choices=boards.names())
    parser.add_argument("--commit", action="store_true", help="write the totals down")
    return parser


if __name__ == "__main__":
    sys.exit(status(main))
