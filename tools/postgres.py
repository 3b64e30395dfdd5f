"""Starts a PostgreSQL server for tests and measurements, on a socket in a folder of its own.

`with Postgres.start() as server:` gives `server.url` and `server.database()`, the URL of a new
empty database; the server is gone, with its files, when the block ends. It keeps what it commits
on the disk, as one in service does.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Any, Self

import psycopg

# Not on everybody's PATH: Debian's, and Homebrew's.
_FOLDERS = ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql*/bin")
_START_TIMEOUT_S = 30.0
_STOP_TIMEOUT_S = 10.0
_POLL_S = 0.02
_OWNER = "pulsekeep"
_UNPRIVILEGED = ("postgres", "nobody")  # PostgreSQL refuses to run as root


class PostgresError(Exception):
    """No server could be started; the text says why, in one line."""


class Postgres:
    """A running server. Use `start`; leaving the `with` block stops it."""

    def __init__(self, process: subprocess.Popen, folder: Path) -> None:
        self._process = process
        self._folder = folder
        self._numbers = count(1)

    @classmethod
    def start(cls) -> Self:
        """Start a server and wait until it answers. Raises `PostgresError`."""
        programs = _programs()
        user = _user()
        folder = Path(tempfile.mkdtemp(prefix="pulsekeep-postgres-"))
        if user:
            os.chown(folder, user["user"], user["group"])
        try:
            _initialise(programs, folder, user)
            server = cls(_spawn(programs, folder, user), folder)
        except (OSError, PostgresError) as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise PostgresError(str(error)) from error
        try:
            server._wait_until_ready()
        except PostgresError:
            server.stop()
            raise
        return server

    @property
    def url(self) -> str:
        """Of the database that every server has."""
        return self._url("postgres")

    def database(self) -> str:
        """The URL of a new database."""
        name = f"test_{next(self._numbers)}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self._url(name)

    def stop(self) -> None:
        """End the server by its process id and remove its files. Safe to call twice."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)  # at once: nobody reads its files again
            try:
                self._process.wait(_STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _url(self, name: str) -> str:
        return f"postgresql://{_OWNER}@/{name}?host={self._folder}"

    def _wait_until_ready(self) -> None:
        deadline_s = time.monotonic() + _START_TIMEOUT_S
        while time.monotonic() < deadline_s:
            try:
                # Waiting for the process is the pause between two tries, and sees it die at once.
                self._process.wait(_POLL_S)
            except subprocess.TimeoutExpired:
                try:
                    psycopg.connect(self.url).close()
                except psycopg.OperationalError:
                    continue
                return
            else:
                raise PostgresError(f"PostgreSQL ended at once: {_last_line(self._folder)}")
        raise PostgresError(f"PostgreSQL did not answer within {_START_TIMEOUT_S:.0f} s")


def _programs() -> Path:
    """The folder of the newest `postgres` that can be found."""
    found = shutil.which("postgres")
    folders = [Path(found).resolve().parent] if found else []
    for pattern in _FOLDERS:
        folders += sorted(Path("/").glob(pattern[1:]), reverse=True)
    for folder in folders:
        if all((folder / name).exists() for name in ("initdb", "postgres")):
            return folder
    raise PostgresError("it is not installed (package postgresql)")


def _user() -> dict[str, Any]:
    """As whom it must run, for `subprocess`; empty: as we are."""
    if os.geteuid():
        return {}
    for name in _UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise PostgresError(f"it refuses to run as root, and there is no user {_UNPRIVILEGED[0]}")


def _initialise(programs: Path, folder: Path, user: dict[str, Any]) -> None:
    command = [programs / "initdb", "-D", folder / "data", "-U", _OWNER, "-A", "trust"]
    options = ["-E", "UTF8", "--no-locale", "--no-sync"]
    done = subprocess.run(
        [*command, *options], cwd=folder, capture_output=True, text=True, check=False, **user
    )
    if done.returncode:
        raise PostgresError(f"initdb: {done.stderr.strip().rpartition(chr(10))[2]}")


def _spawn(programs: Path, folder: Path, user: dict[str, Any]) -> subprocess.Popen:
    command = [programs / "postgres", "-D", folder / "data", "-k", folder]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [*command, "-c", "listen_addresses="],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            **user,
        )


def _last_line(folder: Path) -> str:
    lines = (folder / "log").read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "no message"
