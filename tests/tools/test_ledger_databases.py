"""The ledger in SQLite and PostgreSQL: the same rules, also when two receivers write at once."""

import json
import random
import sqlite3
import threading
from pathlib import Path

import psycopg
import pytest

from tests.tools.deliveries import HOUR_S, NOW_S, START_S, events, fed, intervals, status, water
from tests.tools.test_ledger import journal
from tools.headend.__main__ import main
from tools.headend.database import StoreError
from tools.headend.ledger import Ledger
from tools.headend.sqlite import SQLite
from tools.postgres import Postgres

NAMES = ("h1", "h2", "h3")


def a_seed() -> int:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    return seed


def test_any_order_gives_the_books_of_the_tidy_case(database: Path | str) -> None:
    # In groups of any size, with repeats, by whichever ledger: what is stored is the same.
    rng = random.Random(a_seed())
    tidy = journal(rng, 30)
    messages = tidy + rng.choices(tidy, k=20)
    rng.shuffle(messages)
    expected = fed(*tidy).books("h1")
    ledger = Ledger(database)
    while messages:
        group = [messages.pop() for _ in range(min(len(messages), rng.randint(1, 9)))]
        ledger.receive_all([(f"ami/h1/{kind}", payload) for kind, payload in group], NOW_S)
    ledger.close()
    found = Ledger(database).books("h1")
    assert found.dropped_doubles > 0
    found.dropped_doubles = 0
    assert found == expected and found.closed


def test_two_receivers_of_the_same_messages_at_once(database: Path | str) -> None:
    # Each gets everything, in its own order and groups, with the collectors in either order: they
    # must wait for one another's transactions, and never for ever.
    rng = random.Random(a_seed())
    tidy = journal(rng, 25)
    everything = [(f"ami/{name}/{kind}", text) for name in NAMES for kind, text in tidy]
    orders = [rng.sample(everything, len(everything)) for _ in range(2)]
    at_once(
        database, *([order[at : at + 7] for at in range(0, len(order), 7)] for order in orders)
    )
    expected, ledger = fed(*tidy).books("h1"), Ledger(database)
    for name in NAMES:
        found = ledger.books(name)
        assert found.dropped_doubles > 0
        found.dropped_doubles, found.collector = 0, "h1"
        assert found == expected


def test_two_receivers_never_wait_for_one_another(database: Path | str) -> None:
    # One has messages of h1 and h2 for a commit, the other of h2 and h1, again and again: each
    # holding one and wanting the other, PostgreSQL would throw one of them out.
    pairs = [
        [(f"ami/{name}/events", events(after, after + 1)) for name in NAMES[:2]]
        for after in range(150)
    ]
    at_once(database, pairs, [pair[::-1] for pair in pairs])
    ledger = Ledger(database)
    assert [ledger.books(name).watermark for name in NAMES[:2]] == [150, 150]


def at_once(database: Path | str, *receivers: list[list[tuple[str, bytes]]]) -> None:
    """Each takes its groups, in a thread of its own; no failure is passed over."""
    failures: list[BaseException] = []

    def work(groups: list[list[tuple[str, bytes]]]) -> None:
        try:
            ledger = Ledger(database)
            for group in groups:
                ledger.receive_all(group, NOW_S)
            ledger.close()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(groups,)) for groups in receivers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_receiver_waits_for_another_that_has_just_made_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("CREATE TABLE theirs (x)")
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr("tools.headend.sqlite.time.sleep", lambda _: other.execute("COMMIT"))
    SQLite(path).close()
    assert not other.in_transaction


def test_one_bad_message_takes_nothing_with_it(database: Path | str) -> None:
    # It waited between two good ones, for one commit; or its unit was found to be another.
    ledger = Ledger(database)
    cubic = {"water": {"unit": "dm3", "open": 5, "delta": [1]}}
    group = [
        ("ami/h1/intervals", intervals(0, 1, [1], water(0, 5))),
        ("ami/h1/intervals", b"{"),
        ("ami/h1/intervals", intervals(1, 2, [2], cubic)),
        ("nobody's", b""),
        ("ami/h1/events", events(1, 3)),
    ]
    assert ledger.receive_all(group, NOW_S) == [("ami/h1/ack", b'{"v":1,"upto":3}')]
    books = ledger.books("h1")
    assert (books.kept, books.refused, books.watermark) == (1, 2, 3)
    assert ledger.books("-").refused == 1


def test_texts_that_no_column_takes(database: Path | str) -> None:
    # A NUL, half a surrogate, and more than an index takes: one that stopped the receiver would
    # stop it again after each restart, because the broker sends it again.
    ledger = Ledger(database)
    strange = "\x00 \ud800 \x1b"
    long = {"text": "x" * 100_000}
    ledger.receive("ami/h1/status", status(trouble=strange), NOW_S)
    head = {"v": 1, "boot": 7, "id": 1}
    for told in ({"refused": strange}, {"done": strange, "detail": {strange: strange}}):
        ledger.receive("ami/h1/reply", json.dumps(head | told).encode(), NOW_S)
    ledger.receive("ami/h1/events", events(0, 1, (1, "leak", {strange: strange})), NOW_S)
    for _ in range(2):
        ledger.receive("ami/h1/events", events(0, 1, (1, "leak", long)), NOW_S)
    named = {strange: {"unit": "L", "open": 0, "delta": [1]}}
    ledger.receive("ami/h1/intervals", intervals(1, 2, [2], named), NOW_S)
    books = ledger.books("h1")
    assert (books.refused, books.conflicts, books.watermark) == (1, 1, 1)
    assert [event.detail for event in ledger.events("h1")] == [{strange: strange}]


def test_a_report_is_of_one_moment(database: Path | str) -> None:
    # While it is read, a receiver goes on writing: sums of before and after would not add up.
    writer, reader = Ledger(database), Ledger(database)
    writer.receive("ami/h1/intervals", intervals(0, 1, [1], water(0, 5)), NOW_S)
    with reader.snapshot():
        before = reader.books("h1")
        later = intervals(1, 2, [2], water(5, 6), start=START_S + HOUR_S)
        writer.receive("ami/h1/intervals", later, NOW_S)
        assert reader.books("h1") == before
    assert reader.books("h1").kept == 2


def test_what_an_older_version_wrote_is_read_on(tmp_path: Path) -> None:
    # Its tables had other types, and no place for commands.
    ledger = Ledger(tmp_path / "old.db")
    ledger.receive("ami/h1/intervals", intervals(0, 1, [1], water(0, 5)), NOW_S)
    for table in ("commands", "holes"):
        ledger._store.collectors._db.change(f"DROP TABLE {table}")
    ledger.close()
    ledger = Ledger(tmp_path / "old.db")
    assert ledger.ask(NOW_S) == [] and ledger.books("h1").kept == 1


def test_eight_that_start_at_once(postgres: Postgres) -> None:
    # Nobody has made the tables yet: all want to, and PostgreSQL lets two collide.
    url = postgres.database()
    failures: list[Exception] = []

    def work() -> None:
        try:
            Ledger(url).close()
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_server_that_does_not_flush_is_refused(postgres: Postgres) -> None:
    # What it calls committed is gone with the power: nothing may be acknowledged on its word.
    url = postgres.database()
    with psycopg.connect(url, autocommit=True) as connection:
        try:
            connection.execute("ALTER SYSTEM SET fsync = off")
            reload(connection, url, "off")
            with pytest.raises(StoreError, match="fsync is off"):
                Ledger(url)
        finally:
            connection.execute("ALTER SYSTEM RESET fsync")
            reload(connection, url, "on")
    Ledger(url).close()


def reload(connection: psycopg.Connection, url: str, expected: str) -> None:
    """Until a new connection has the setting; the server's processes take it one by one."""
    connection.execute("SELECT pg_reload_conf()")
    for _ in range(10_000):
        with psycopg.connect(url) as other:
            if other.execute("SHOW fsync").fetchone() == (expected,):
                return
    raise AssertionError(f"fsync did not become {expected}")


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("postgresql://nobody:hunter2@/x?host={folder}", "No such file or directory"),
        ("postgresql://nobody:hunter2@/x?hots={folder}", "hots"),
    ],
)
def test_a_wrong_address_gives_one_line_without_the_password(url, line, tmp_path, capsys) -> None:
    assert main(["report", "--db", url.format(folder=tmp_path)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("PostgreSQL: ") and line in said and said.count("\n") == 1
    assert "hunter2" not in said
