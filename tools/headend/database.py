"""What the head-end needs of a database. Those that it knows speak one SQL, with `?` for a value;
what they say in different words is named here.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

Values = Sequence[Any]
Rows = list[tuple[Any, ...]]


class StoreError(Exception):
    """The database can not be used; the text says why, in one line."""


class Database(Protocol):
    """A connection. Use from one thread; whatever fails raises `StoreError`."""

    for_update: str  # behind a SELECT: nobody else changes these rows before our transaction ends
    table_options: str  # behind a CREATE TABLE whose rows lie in order of the primary key

    def select(self, sql: str, values: Values = ()) -> Rows:
        """All rows."""
        ...

    def change(self, sql: str, values: Values = ()) -> None:
        """Insert, update or delete."""
        ...

    def insert(self, table: str, rows: Sequence[Values]) -> None:
        """Many rows at once, complete, of keys that are not there."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing; on the disk when the block is left."""
        ...

    def snapshot(self) -> AbstractContextManager[None]:
        """What is read in the block is of one moment, whoever writes meanwhile."""
        ...

    def close(self) -> None:
        """End the connection."""
        ...
