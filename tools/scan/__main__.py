"""Finds, identifies and reads meters: `python -m tools.scan [--port DEVICE]`, or `make scan`.

Exit status 0 when a meter was found, 1 when none was or the port cannot be used.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

from rich.console import Console
from rich.live import Live

from tools.ending import status
from tools.scan.identity import identify
from tools.scan.line import Line, LineError
from tools.scan.models import Model, load_models
from tools.scan.options import parser, wanted_addresses, wanted_settings
from tools.scan.plan import Plan, make_plan
from tools.scan.progress import ScanProgress, announcement
from tools.scan.report import NOTHING, Meter, as_json, print_damaged, tables
from tools.scan.search import Found, Search
from tools.scan.simulated import simulated_port
from tools.scan.station import Station

from lib.profile import ProfileError  # isort: skip

_ROUND_S = 1.0  # between two readings of --watch
_SIMULATED = ("", "sim")
_REAL = "PORT=/dev/ttyUSB0"
_READ_PATIENCE_S = 0.5  # who was found is there: a slow answer is better than none


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0, or 1 with the reason on standard error."""
    options = parser().parse_args(arguments)
    try:
        models = load_models(options.profiles)
        with _port(options) as port:
            line = Line(port)
            try:
                return _scan(line, models, options)
            finally:
                line.close()
    except (LineError, ProfileError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _port(options: argparse.Namespace) -> AbstractContextManager[str]:
    if (options.port or "") not in _SIMULATED:
        return nullcontext(options.port)
    # Nothing is to be found there off the usual places, unless one asks for it.
    options.quick = options.quick or not (options.baud or options.format or options.addresses)
    print(f"the simulated line, a meter of each kind; {_REAL} scans a real one", file=sys.stderr)
    return simulated_port()


def _scan(line: Line, models: list[Model], options: argparse.Namespace) -> int:
    plan = make_plan(models, wanted_settings(options), wanted_addresses(options))
    plan = plan.quick() if options.quick else plan
    console = Console(stderr=True)
    search = _search(line, plan, options.patience_ms / 1000, console)
    print_damaged(console, search.damaged)
    for reason in search.refused.values():
        console.print(reason, style="yellow", markup=False, highlight=False)
    if not search.found:
        if not search.damaged:
            console.print(_nothing(plan, options), markup=False, highlight=False)
        return 1
    meters = [_meet(line, found, models, options) for found in sorted(search.found, key=_order)]
    if options.watch:
        _watch(meters, options.json)
    else:
        _print(meters, options.json)
    return 0


def _search(line: Line, plan: Plan, patience_s: float, console: Console) -> Search:
    """As far as it came: Ctrl-C is a way to say that this is enough."""
    console.print(announcement(plan, patience_s), highlight=False)
    with ScanProgress(console, plan, patience_s) as progress:
        search = Search(line, plan, patience_s, progress.step, progress.found)
        try:
            search.run()
        except KeyboardInterrupt:
            console.print("interrupted; so far:")
    return search


def _meet(line: Line, found: Found, models: list[Model], options: argparse.Namespace) -> Meter:
    """Identify and read one."""
    patience_s = max(_READ_PATIENCE_S, options.patience_ms / 1000)
    station = Station(line, found, patience_s)
    meter = Meter(station, identify(station, models))
    meter.read()
    return meter


def _watch(meters: list[Meter], as_lines: bool) -> None:
    """Until interrupted; on a terminal in place, else one after the other."""
    console = Console()
    in_place = console.is_terminal and not as_lines
    with Live(console=console, auto_refresh=False) if in_place else nullcontext() as live:
        while True:
            for meter in meters:
                meter.read()
                if live:
                    live.update(tables(meters), refresh=True)
            if not live:
                _print(meters, as_lines)
            time.sleep(_ROUND_S)


def _print(meters: list[Meter], as_lines: bool) -> None:
    if as_lines:
        for meter in meters:
            print(json.dumps(as_json(meter)), flush=True)
    else:
        Console().print(tables(meters))


def _nothing(plan: Plan, options: argparse.Namespace) -> str:
    addresses = [step.address for step in plan.steps]
    settings = list(dict.fromkeys(str(step.settings) for step in plan.steps))
    return NOTHING.format(
        addresses=f"{min(addresses)} to {max(addresses)}",
        settings=", ".join(settings) if len(settings) <= 6 else f"{len(settings)} line settings",
        patience_ms=f"{options.patience_ms} ms",
    )


def _order(found: Found) -> tuple[int, object]:
    return found.address, found.settings


if __name__ == "__main__":
    sys.exit(status(main))
