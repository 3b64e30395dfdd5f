"""`python -m tools.headend run --broker host:port --db file [--tariff file] [--billing-day D]`,
`report --db file [--tariff file] [--json]`, and `almanac --tariff file [--billing-day D]`.
`--tariff` twice: one, and the one after it.
"""

import argparse
import json
import logging
import sys
import time
from pathlib import Path

from tools.headend.almanac import Almanacs
from tools.headend.ledger import Ledger
from tools.headend.store import StoreError
from tools.headend.tariffs import TariffError, load_schedules


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0, or 1 with one line on standard error."""
    options = _parser().parse_args(arguments)
    try:
        return options.command(options)
    except (StoreError, TariffError) as error:
        return _fail(str(error))


def _run(options: argparse.Namespace) -> int:
    from tools.headend.service import Credentials, Service, ServiceError, stop_on_signals

    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s"
    )
    host, port = options.broker
    try:
        service = Service(
            Ledger(options.db, _almanacs(options)),
            host,
            port,
            on_ready=lambda: print(f"receiving from {host}:{port}", flush=True),
            credentials=Credentials(options.ca, options.certificate, options.key),
        )
        stop_on_signals(service)
        service.run()
    except ServiceError as error:
        return _fail(str(error))
    return 0


def _almanac(options: argparse.Namespace) -> int:
    almanacs = Almanacs(load_schedules(options.tariff), options.billing_day)
    # no line end: a collector takes the text as it is, or not at all
    sys.stdout.write(almanacs.compile(int(time.time())).decode())
    return 0


def _almanacs(options: argparse.Namespace) -> Almanacs | None:
    """What collectors are told of the tariffs; TariffError when none can be."""
    if not options.tariff:
        return None
    almanacs = Almanacs(load_schedules(options.tariff), options.billing_day)
    almanacs.compile(int(time.time()))
    return almanacs


def _report(options: argparse.Namespace) -> int:
    if not options.db.is_file():
        return _fail(f"{options.db} is not there; `run` writes it")
    # Here and not above: `run` must start fast and has no use for tables.
    from rich.console import Console

    from tools.headend import report

    schedules = load_schedules(options.tariff) if options.tariff else None
    ledger = Ledger(options.db)
    if options.json:
        print(json.dumps(report.numbers(ledger, schedules), indent=2))
    else:
        report.print_report(ledger, Console(), schedules)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.headend", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    run = commands.add_parser("run", help="receive from a broker until interrupted")
    run.add_argument("--broker", type=_place, required=True, metavar="HOST:PORT")
    run.add_argument(
        "--ca", type=Path, metavar="FILE", help="speak TLS; this CA signs the broker's certificate"
    )
    run.add_argument(
        "--certificate", type=Path, metavar="FILE", help="our own, where the broker wants one"
    )
    run.add_argument("--key", type=Path, metavar="FILE", help="its key")
    run.set_defaults(command=_run)
    report = commands.add_parser("report", help="print the books")
    report.add_argument("--json", action="store_true", help="numbers instead of tables")
    report.set_defaults(command=_report)
    almanac = commands.add_parser("almanac", help="print the tariff as a collector takes it")
    almanac.set_defaults(command=_almanac)
    for command in (run, almanac):
        command.add_argument(
            "--billing-day",
            type=int,
            choices=range(1, 29),
            default=1,
            metavar="D",
            help="the billing months begin on this day, 1 to 28",
        )
    for command in (run, report):
        command.add_argument("--db", type=Path, required=True, metavar="FILE")
    for command in (run, report, almanac):
        command.add_argument(
            "--tariff",
            type=Path,
            action="append",
            required=command is almanac,
            metavar="FILE",
            help="a tariff, as firmware/tariffs/*.json; once more for the one that follows it",
        )
    return parser


def _place(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65_536:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT")
    return host, int(port)


def _fail(line: str) -> int:
    print(line, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
