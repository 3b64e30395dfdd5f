"""The head-end's tables in PostgreSQL: for receivers on several machines."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg

from tools.headend.database import Rows, StoreError, Values
from tools.headend.schema import statements

_CONNECT_TIMEOUT_S = 10
# Whoever creates the tables holds it: of two that start at once, one must wait for the other.
_CREATION_LOCK = 5_705_123
_SETTINGS = (
    # A commit is on the disk when it returns, whatever the server's own default is.
    "SET synchronous_commit = on",
    # What is read after a row was locked is what the last one left there.
    "SET default_transaction_isolation = 'read committed'",
)


class PostgreSQL:
    """A `Database`. `url` as libpq takes it: postgresql://user@host/name; a password may also come
    from PGPASSWORD or ~/.pgpass. Raises `StoreError`.
    """

    for_update = "FOR UPDATE"
    table_options = ""

    def __init__(self, url: str) -> None:
        with _told():
            self._connection = psycopg.connect(
                url,
                autocommit=True,
                connect_timeout=_CONNECT_TIMEOUT_S,
                application_name="pulsekeep-head-end",
            )
        for setting in _SETTINGS:
            self.change(setting)
        if self.select("SHOW fsync") != [("on",)]:
            raise StoreError("PostgreSQL: fsync is off, so a commit is not on the disk: set it on")
        with self.transaction():
            self.select("SELECT pg_advisory_xact_lock(?)", (_CREATION_LOCK,))
            for statement in statements(self.table_options):
                self.change(statement)

    def select(self, sql: str, values: Values = ()) -> Rows:
        """All rows."""
        with _told():
            return self._connection.execute(_marked(sql), values).fetchall()

    def change(self, sql: str, values: Values = ()) -> None:
        """Insert, update or delete."""
        with _told():
            self._connection.execute(_marked(sql), values)

    def insert(self, table: str, rows: Sequence[Values]) -> None:
        """Many rows in one stream: an INSERT for each takes three times as long."""
        if rows:
            statement = f"COPY {table} FROM STDIN".encode()
            with _told(), self._connection.cursor().copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Others write too, but not the rows that were read `for_update`."""
        with _told(), self._connection.transaction():
            yield

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All tables as they were at the first read."""
        with self.transaction():
            self.change("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


def _marked(sql: str) -> bytes:
    """With psycopg's marks for values; no statement has a question mark for anything else."""
    return sql.replace("?", "%s").encode()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        # The first line says what is wrong; none shows the password.
        first_line = str(error).strip().partition("\n")[0]
        raise StoreError(f"PostgreSQL: {first_line or type(error).__name__}") from error
