"""`make bench`'s head-end at a tiny size: the figures are there, and are of what was committed."""

import io

import pytest
from rich.console import Console

from tools.bench import headend
from tools.bench.bench import Progress
from tools.headend.ledger import Ledger
from tools.postgres import Postgres, PostgresError

QUIET = Progress(Console(quiet=True))
TINY = headend.Size(days=3, times=1)


def printed(results: dict) -> str:
    console = Console(record=True, file=io.StringIO(), width=120)
    for table in headend.tables(results):
        console.print(table)
    return console.export_text()


def test_the_backlog_is_what_it_says() -> None:
    ledger = Ledger()
    ledger.receive_all(headend._backlog(3), headend.START_S)
    books = ledger.books("pk-246f28a1b2c3")
    assert books.closed
    assert (books.kept, books.watermark) == (3 * 24 * 4, 3 * 24)


def test_the_figures_are_there(postgres: Postgres) -> None:
    found = headend.measure(QUIET, TINY)[headend.NAME]
    for name in ("sqlite", "postgres"):
        for figure in headend.FIGURES:
            assert found[f"{figure.key}_{name}"] > 0
    assert found["flush_ms"] > 0 and found["postgres"] == ""
    assert "PostgreSQL" in printed({headend.NAME: found})


def test_without_postgresql_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> Postgres:
        raise PostgresError("it is not installed (package postgresql)")

    monkeypatch.setattr(Postgres, "start", refuse)
    results = headend.measure(QUIET, TINY)
    assert "intervals_per_s_postgres" not in results[headend.NAME]
    told = " ".join(printed(results).split())
    assert "PostgreSQL was not measured: it is not installed" in told
