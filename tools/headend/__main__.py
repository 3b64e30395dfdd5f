"""`python -m tools.headend run --broker host:port --db file`, and
`report --db file [--tariff file] [--json]`.
"""

import argparse
import json
import logging
import sys
from pathlib import Path

from tools.headend.ledger import Ledger
from tools.headend.store import StoreError


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0, or 1 with one line on standard error."""
    options = _parser().parse_args(arguments)
    try:
        return options.command(options)
    except StoreError as error:
        return _fail(str(error))


def _run(options: argparse.Namespace) -> int:
    from tools.headend.service import Service, ServiceError, stop_on_signals

    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s"
    )
    host, port = options.broker
    service = Service(
        Ledger(options.db),
        host,
        port,
        on_ready=lambda: print(f"receiving from {host}:{port}", flush=True),
    )
    stop_on_signals(service)
    try:
        service.run()
    except ServiceError as error:
        return _fail(str(error))
    return 0


def _report(options: argparse.Namespace) -> int:
    if not options.db.is_file():
        return _fail(f"{options.db} is not there; `run` writes it")
    # Here and not above: `run` must start fast and has no use for tables.
    from rich.console import Console

    from tools.headend import report

    ledger = Ledger(options.db)
    if options.tariff:
        return _report_rates(ledger, options)
    if options.json:
        print(json.dumps(report.numbers(ledger), indent=2))
    else:
        report.print_report(ledger, Console())
    return 0


def _report_rates(ledger: Ledger, options: argparse.Namespace) -> int:
    from rich.console import Console

    from tools.headend import rates

    try:
        tariff = rates.load_tariff(options.tariff)
    except rates.TariffError as error:
        return _fail(str(error))
    if options.json:
        print(json.dumps(rates.numbers(ledger, tariff), indent=2))
        return 0
    for name in ledger.collectors():
        Console().print(rates.table(ledger, name, tariff))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.headend", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    run = commands.add_parser("run", help="receive from a broker until interrupted")
    run.add_argument("--broker", type=_place, required=True, metavar="HOST:PORT")
    run.set_defaults(command=_run)
    report = commands.add_parser("report", help="print the books")
    report.add_argument(
        "--tariff", type=Path, metavar="FILE", help="by period of this tariff, as tariffs/*.json"
    )
    report.add_argument("--json", action="store_true", help="numbers instead of tables")
    report.set_defaults(command=_report)
    for command in (run, report):
        command.add_argument("--db", type=Path, required=True, metavar="FILE")
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
