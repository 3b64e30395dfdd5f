"""The tables of the head-end, in a file or at a server."""

from pathlib import Path

from tools.headend.collectors import Collectors
from tools.headend.commands import Commands
from tools.headend.database import Database
from tools.headend.records import Records
from tools.headend.sqlite import SQLite


def is_url(place: Path | str) -> bool:
    """Whether it is a PostgreSQL database; else it is a file."""
    return str(place).startswith(("postgresql:", "postgres:"))


class Store:
    """One database. `place`: a SQLite file (':memory:' keeps nothing) or postgresql://... Raises
    `StoreError`.
    """

    def __init__(self, place: Path | str) -> None:
        database = _opened(place)
        self.collectors = Collectors(database)
        self.records = Records(database)
        self.commands = Commands(database)
        self.transaction = database.transaction
        self.snapshot = database.snapshot
        self.close = database.close


def _opened(place: Path | str) -> Database:
    if not is_url(place):
        return SQLite(place)
    # Here and not above: who keeps a file needs no driver, and starts faster without.
    from tools.headend.postgresql import PostgreSQL

    return PostgreSQL(str(place))
