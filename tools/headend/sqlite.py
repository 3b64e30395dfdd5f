"""The head-end's tables in one SQLite file: for one machine, with nothing to set up."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools.headend.database import Rows, StoreError, Values
from tools.headend.schema import statements

_BUSY_TIMEOUT_S = 30.0
_AGAIN_S = 0.05


class SQLite:
    """A `Database`. `path` ':memory:' keeps nothing. Raises `StoreError`."""

    for_update = ""  # who writes has the whole file
    table_options = "WITHOUT ROWID"

    def __init__(self, path: Path | str) -> None:
        try:
            self._connection = sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S, isolation_level=None)
            self._write_ahead()
            # FULL: a commit is on the disk when it returns; only then may it be acknowledged.
            self.change("PRAGMA synchronous = FULL")
            with self.transaction():
                for statement in statements(self.table_options):
                    self.change(statement)
        except (sqlite3.Error, StoreError) as error:
            raise StoreError(f"{path}: {error}; give a file that can be written") from error

    def select(self, sql: str, values: Values = ()) -> Rows:
        """All rows."""
        with _told():
            return self._connection.execute(sql, values).fetchall()

    def change(self, sql: str, values: Values = ()) -> None:
        """Insert, update or delete."""
        with _told():
            self._connection.execute(sql, values)

    def insert(self, table: str, rows: Sequence[Values]) -> None:
        """Many rows at once."""
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            with _told():
                self._connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """The only one that writes, from here on."""
        yield from self._between("BEGIN IMMEDIATE")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """The file as it was at the first read."""
        yield from self._between("BEGIN")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _write_ahead(self) -> None:
        """Have a write-ahead log. With this alone SQLite does not wait for another receiver that
        has just opened the file and writes: it is busy at once.
        """
        deadline_s = time.monotonic() + _BUSY_TIMEOUT_S
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline_s:
                    raise
            time.sleep(_AGAIN_S)

    def _between(self, begin: str) -> Iterator[None]:
        self.change(begin)
        try:
            yield
        except BaseException:
            self.change("ROLLBACK")
            raise
        self.change("COMMIT")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(str(error)) from error
