"""The words of the command line."""

import argparse
import json
import re
from datetime import UTC, datetime
from pathlib import Path

from tools.headend.completeness import LATE_HOURS
from tools.headend.orders import Order, OrderError, Value
from tools.headend.store import is_url

_TIMEOUT_S = 30.0
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
_COLLECTOR = re.compile(r"[a-z0-9-]{1,32}")
_TAKES = {
    "ping": "",
    "status": "",
    "read": "",
    "outages": "",
    "resend": "AFTER UPTO: send the records AFTER < seq <= UPTO again",
    "set": "KEY VALUE: change its configuration",
    "time": "[UNIX_S]: tell it the time, else that of this machine",
    "leak": "water|gas [away|back]: its alarms were seen to; or nobody is there, or somebody is",
    "valve": "open|closed: move the valve in the water main",
    "reboot": "",
}

_AWAY = (["away"], ["back"])


def parser(description: str) -> argparse.ArgumentParser:
    """All commands."""
    whole = argparse.ArgumentParser(prog="python -m tools.headend", description=description)
    commands = whole.add_subparsers(required=True, metavar="command", dest="command")
    run = commands.add_parser("run", help="receive from a broker until interrupted")
    run.add_argument("--share", type=_name, metavar="GROUP", help="one of several receivers")
    run.add_argument("--name", type=_name, help="the name of this one in its group")
    load = commands.add_parser("load", help="take in what `make dump` brought home")
    load.add_argument("dump", type=Path, metavar="DUMP", help="a journal, as a file")
    load.add_argument(
        "--collector",
        type=_collector,
        metavar="ID",
        help="whose it is, where the file is not called after it",
    )
    report = commands.add_parser("report", help="print the books")
    completeness = commands.add_parser("completeness", help="what came of each day, and when")
    _add_completeness(completeness)
    events = commands.add_parser("events", help="what happened, with its code in the CIM")
    _add_events(events)
    command = commands.add_parser(
        "command",
        help="tell a collector what to do, and wait for its reply",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"  {word:8}{takes}" for word, takes in _TAKES.items()),
    )
    command.add_argument("collector", type=_collector)
    command.add_argument("word", choices=_TAKES, metavar="WORD", help=", ".join(_TAKES))
    command.add_argument("arguments", nargs="*", metavar="ARGUMENT", help="see below")
    command.add_argument("--timeout-s", type=float, default=_TIMEOUT_S, metavar="SECONDS")
    commissioned = commands.add_parser(
        "commissioned", help="which installations were examined, and with which result"
    )
    _add_commissioned(commissioned)
    almanac = commands.add_parser("almanac", help="print the tariff as a collector takes it")
    for each in (report, completeness, events, commissioned):
        each.add_argument("--json", action="store_true", help="numbers instead of tables")
    for each in (run, command):
        each.add_argument("--broker", type=place, required=True, metavar="HOST:PORT")
        _add_credentials(each)
    for each in (run, load, report, completeness, events, commissioned, command):
        each.add_argument(
            "--db",
            type=_database,
            required=True,
            metavar="FILE|URL",
            help="a SQLite file, or a PostgreSQL database as postgresql://user@host/name",
        )
    for each in (run, almanac):
        each.add_argument(
            "--billing-day",
            type=int,
            choices=range(1, 29),
            default=1,
            metavar="D",
            help="the billing months begin on this day, 1 to 28",
        )
    for each in (run, report, almanac):
        each.add_argument(
            "--tariff",
            type=Path,
            action="append",
            required=each is almanac,
            metavar="FILE",
            help="a tariff, as firmware/tariffs/*.json; once more for the one that follows it",
        )
    return whole


def order(options: argparse.Namespace, now_s: int) -> Order:
    """What `command` was told to say. Raises `OrderError`."""
    word, given = options.word, options.arguments
    if word == "set" and len(given) == 2:
        return Order(word, {"key": given[0], "value": _value(given[1])})
    if word == "resend" and len(given) == 2:
        after, upto = map(_number, given)
        if after >= upto:
            raise OrderError(f"resend: no record is after {after} and not after {upto}")
        return Order(word, {"after": after, "upto": upto})
    if word == "time" and len(given) <= 1:
        return Order(word, {"unix_s": _number(given[0]) if given else now_s})
    if word == "leak" and given[:1] in (["water"], ["gas"]) and given[1:] in ([], *_AWAY):
        away = {"away": int(given[1] == "away")} if given[1:] else {}
        return Order(word, {"channel": given[0], **away})
    if word == "valve" and given in (["open"], ["closed"]):
        return Order(word, {"closed": int(given == ["closed"])})
    if word in ("ping", "status", "read", "outages", "reboot") and not given:
        return Order(word)
    raise OrderError(f"{word} takes {_TAKES[word] or 'no arguments'}")


def _add_credentials(parser: argparse.ArgumentParser) -> None:
    for word, told in (
        ("--ca", "speak TLS; this CA signs the broker's certificate"),
        ("--certificate", "our own, where the broker wants one"),
        ("--key", "its key"),
        ("--password-file", "the password of --user is its first line"),
    ):
        parser.add_argument(word, type=Path, metavar="FILE", help=told)
    parser.add_argument("--user", metavar="NAME", help="our name, where the broker wants one")


def _add_events(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--collector", type=_collector, metavar="ID", help="of one only")
    parser.add_argument(
        "--type",
        action="append",
        default=[],
        metavar="WORD",
        help="as mains_lost; repeatable",
    )
    parser.add_argument(
        "--newest",
        type=_positive,
        default=50,
        metavar="N",
        help="so many of each, or 50",
    )


def _add_commissioned(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--code", metavar="1234-5678", help="only this one; exit status 0 where it has passed"
    )
    parser.add_argument(
        "--provisioned",
        type=Path,
        metavar="FILE",
        help="the provisioned.csv of `make provision`: at which site each is",
    )


def _add_completeness(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--days", type=_positive, default=7, metavar="N", help="so many, and today is the last"
    )
    parser.add_argument(
        "--until", type=_day_end, metavar="DATE", help="the last day is this one, as 2026-03-08"
    )
    parser.add_argument(
        "--late-hours",
        type=_positive,
        default=LATE_HOURS,
        metavar="N",
        help=f"received so long after its end an interval was late; {LATE_HOURS} if not given",
    )


def _value(text: str) -> Value:
    """An integer, true, false, or text; in quotation marks it is text whatever it says."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, Value) else text


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise OrderError(f"{text!a} is not a number of records or seconds")
    return int(text)


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 10_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 9999")
    return int(text)


def _day_end(text: str) -> int:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date as 2026-03-08") from error
    return int(day.timestamp()) + 86_400


def _database(text: str) -> Path | str:
    return text if is_url(text) else Path(text)


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r}: letters, digits, - and _ make a name")
    return text


def _collector(text: str) -> str:
    if not _COLLECTOR.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no collector's name: a-z, 0-9 and -")
    return text


def place(text: str) -> tuple[str, int]:
    """Host and port of a broker; what argparse takes for a type."""
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65_536:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT")
    return host, int(port)
