"""Receivers are killed at random moments while several collectors send: nothing is lost, nothing
is there twice. `python -m tests.integration.kills [--kills 100] [--seed N]`, or `make kills`.
"""

import argparse
import random
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.integration.collector_double import CollectorDouble
from tests.integration.headend_process import HeadEnd, closed_books
from tools.broker import Broker
from tools.headend.ledger import Ledger
from tools.postgres import Postgres

COLLECTORS = ("h1", "h2", "h3")
_RECORDS = 200, 400  # each collector sends so many between two kills
_REACTION_S = 0.3  # the longest from there to the kill


@dataclass
class Outcome:
    """`busy`: kills while something was on its way; `records`, `doubles`: in the end."""

    kills: int
    busy: int = 0
    records: int = 0
    doubles: int = 0


def campaign(
    db: Path | str,
    port: int,
    receivers: int,
    kills: int,
    rng: random.Random,
    names: tuple[str, ...] = COLLECTORS,
) -> Outcome:
    """Kill one of the receivers again and again, start it again, and check the books."""
    outcome, sent = Outcome(kills), dict.fromkeys(names, 0)
    with ExitStack() as stack:
        collectors = [stack.enter_context(CollectorDouble(name, port)) for name in names]
        running = [_started(port, db, number, receivers) for number in range(receivers)]
        stack.callback(lambda: [each.kill() for each in running])
        for _ in range(kills):
            victim = rng.randrange(receivers)
            if rng.random() < 0.7:  # else it may be hit while it starts
                running[victim].wait_ready()
            for collector in collectors:
                # What is not acknowledged comes again, as after a reconnect.
                first, sent[collector.name] = (
                    collector.acked + 1,
                    sent[collector.name] + rng.randint(*_RECORDS),
                )
                collector.send(first, sent[collector.name])
            watched = rng.choice(collectors)
            aim = rng.randint(watched.acked, sent[watched.name])
            watched.wait_acked(aim, timeout_s=rng.uniform(0, _REACTION_S))
            running[victim].kill()
            outcome.busy += any(each.acked < sent[each.name] for each in collectors)
            _check_promise(db, {each.name: each.acked for each in collectors})
            running[victim] = _started(port, db, victim, receivers)
        for collector in collectors:
            assert collector.send_until_acked(sent[collector.name])
    for name, records in sent.items():
        books = closed_books(db, name, records)
        outcome.records += books.kept
        outcome.doubles += books.dropped_doubles
    return outcome


def _started(port: int, db: Path | str, number: int, receivers: int) -> HeadEnd:
    sharing = ["--share", "kills", "--name", str(number)] if receivers > 1 else []
    return HeadEnd(port, db, *sharing)


def _check_promise(db: Path | str, acked: dict[str, int]) -> None:
    """What was acknowledged is there, at once."""
    ledger = Ledger(db)
    for name, upto in acked.items():
        assert ledger.books(name).watermark >= upto, name
    ledger.close()


def main() -> int:
    """SQLite and PostgreSQL, one receiver and two that share the load, each so many times."""
    parser = argparse.ArgumentParser(prog="python -m tests.integration.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    rng = random.Random(options.seed)
    with (
        Postgres.start() as server,
        tempfile.TemporaryDirectory(prefix="pulsekeep-kills-") as folder,
    ):
        for kind in ("SQLite", "PostgreSQL"):
            for receivers in (1, 2):
                file = Path(folder) / f"{receivers}.db"
                db = file if kind == "SQLite" else server.database()
                began_s = time.monotonic()
                with Broker.start("mosquitto") as broker:
                    found = campaign(db, broker.port, receivers, options.kills, rng)
                print(
                    f"{kind}, {receivers} at work: {found.kills} kills, {found.busy} of them with"
                    f" messages on their way; {found.records} intervals, each once;"
                    f" {found.doubles} doubles dropped; {time.monotonic() - began_s:.0f} s",
                    flush=True,
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())
