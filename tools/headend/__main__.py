"""The head-end. `run` receives from a broker, `load` takes in what was brought home of a board
without a network; `report` and `completeness` tell what was received; `commissioned` which
installations were examined; `command` tells a collector what to do; `almanac` prints a tariff as
a collector takes it.
"""

import argparse
import json
import logging
import sys
import time

from tools.ending import status
from tools.headend import arguments
from tools.headend.almanac import Almanacs
from tools.headend.credentials import Credentials, CredentialsError
from tools.headend.database import StoreError
from tools.headend.dump import Dump, DumpError
from tools.headend.ledger import Ledger
from tools.headend.orders import OrderError
from tools.headend.plain import plain
from tools.headend.sites import SitesError, sites
from tools.headend.store import is_url
from tools.headend.tariffs import TariffError, load_schedules


def main(words: list[str] | None = None) -> int:
    """Exit status 0, or 1 with one line on standard error."""
    options = arguments.parser(__doc__ or "").parse_args(words)
    try:
        return COMMANDS[options.command](options)
    except ERRORS as error:
        return _fail(str(error))


def _run(options: argparse.Namespace) -> int:
    from tools.headend.service import Service, ServiceError, stop_on_signals
    from tools.headend.sharing import Sharing

    if (options.share is None) != (options.name is None):
        return _fail("--share and --name go together: the group, and this receiver's own name")
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s"
    )
    host, port = options.broker
    service = Service(
        Ledger(options.db, _almanacs(options)),
        host,
        port,
        Sharing(options.share, options.name) if options.share else None,
        on_ready=lambda: print(f"receiving from {host}:{port}", flush=True),
        credentials=_credentials(options),
    )
    stop_on_signals(service)
    try:
        service.run()
    except ServiceError as error:
        return _fail(str(error))
    return 0


def _load(options: argparse.Namespace) -> int:
    from tools.headend.loading import load

    dump = Dump(options.dump)
    collector = options.collector or dump.collector
    if not collector:
        return _fail(f"{dump.path}: no journal says whose it is: give --collector ID")
    loaded = load(Ledger(options.db), dump, collector, int(time.time()))
    print(
        f"{collector}: {loaded.intervals} intervals and {loaded.events} events are new; received"
        f" up to {loaded.received_upto}"
    )
    for first, last in loaded.holes:
        print(f"  {first}..{last} cannot be read in it: the collector is asked when it connects")
    return 0


def _report(options: argparse.Namespace) -> int:
    # Here and not above: `run` must start fast and has no use for tables.
    from rich.console import Console

    from tools.headend import report

    schedules = load_schedules(options.tariff) if options.tariff else None
    ledger = _existing(options)
    with ledger.snapshot():
        if options.json:
            print(json.dumps(report.numbers(ledger, schedules), indent=2))
        else:
            report.print_report(ledger, Console(), schedules)
    return 0


def _completeness(options: argparse.Namespace) -> int:
    from rich.console import Console

    from tools.headend import completeness_report
    from tools.headend.completeness import DAY_S, days

    ledger = _existing(options)
    until_s = int(time.time()) if options.until is None else options.until
    from_s = until_s - 1 - (options.days - 1) * DAY_S
    late_hours = options.late_hours
    with ledger.snapshot():
        if options.json:
            found = completeness_report.numbers(ledger, from_s, until_s, late_hours)
            print(json.dumps(found, indent=2))
            return 0
        for name in ledger.collectors():
            found = days(ledger, name, from_s, until_s, late_hours)
            Console().print(completeness_report.table(name, found, late_hours))
    return 0


def _events(options: argparse.Namespace) -> int:
    from rich.console import Console

    from tools.headend import events_report

    ledger = _existing(options)
    with ledger.snapshot():
        for name in [options.collector] if options.collector else ledger.collectors():
            found = events_report.chosen(ledger, name, options.type, options.newest)
            if options.json:
                for each in events_report.numbers(name, found):
                    print(json.dumps(each))
            elif found:
                Console().print(events_report.table(name, found))
    return 0


def _command(options: argparse.Namespace) -> int:
    from tools.headend.dialogue import Dialogue

    order = arguments.order(options, int(time.time()))
    ledger, name = _existing(options), options.collector
    host, port = options.broker
    with Dialogue(ledger, host, port, name, _credentials(options)) as dialogue:
        reply = dialogue.say(order, options.timeout_s)
    if reply.refused is not None:
        return _fail(f"{name} refuses {order.word}: {plain(reply.refused)}")
    print(f"{name}: {order.word} done")
    for key, value in reply.detail.items():
        print(f"  {plain(key)}: {'not known' if value is None else plain(str(value))}")
    return 0


def _almanac(options: argparse.Namespace) -> int:
    almanacs = Almanacs(load_schedules(options.tariff), options.billing_day)
    # no line end: a collector takes the text as it is, or not at all
    sys.stdout.write(almanacs.compile(int(time.time())).decode())
    return 0


def _commissioned(options: argparse.Namespace) -> int:
    from rich.console import Console

    from tools.headend import commissioning

    places = sites(options.provisioned) if options.provisioned else {}
    ledger = _existing(options)
    with ledger.snapshot():
        found = commissioning.records(ledger)
    if options.code:
        found = [each for each in found if each.code == options.code]
        if not found:
            return _fail(f"{options.code}: no record with this code has come (yet)")
    if options.json:
        for each in found:
            print(json.dumps(commissioning.numbers(each, places)))
    else:
        Console().print(commissioning.table(found, places))
    return int(bool(options.code) and not found[-1].passed)


# What a person can do something about; each is one line.
ERRORS = (CredentialsError, DumpError, OrderError, SitesError, StoreError, TariffError)
COMMANDS = {
    "run": _run,
    "load": _load,
    "report": _report,
    "completeness": _completeness,
    "events": _events,
    "command": _command,
    "commissioned": _commissioned,
    "almanac": _almanac,
}


def _credentials(options: argparse.Namespace) -> Credentials:
    return Credentials(
        options.ca, options.certificate, options.key, options.user, options.password_file
    )


def _almanacs(options: argparse.Namespace) -> Almanacs | None:
    """What collectors are told of the tariffs; TariffError when none can be."""
    if not options.tariff:
        return None
    almanacs = Almanacs(load_schedules(options.tariff), options.billing_day)
    almanacs.compile(int(time.time()))
    return almanacs


def _existing(options: argparse.Namespace) -> Ledger:
    """What `run` has written; StoreError where it has not."""
    if not is_url(options.db) and not options.db.is_file():
        raise StoreError(f"{options.db} is not there; `run` writes it")
    return Ledger(options.db)


def _fail(line: str) -> int:
    print(line, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(status(main))
