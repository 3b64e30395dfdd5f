"""The head-end as a process, and brokers to run it at."""

import contextlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from host_sim.models.broker import Broker as ModelBroker
from tests.integration.collector_double import DEADLINE_S
from tests.integration.model_server import ModelServer
from tools.broker import Broker, BrokerError
from tools.headend.books import Books
from tools.headend.ledger import Ledger

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "tools.headend"]


@contextlib.contextmanager
def a_broker(kind: str):
    if kind == "model":
        with ModelServer(ModelBroker()) as server:
            yield server
        return
    try:
        started = Broker.start(kind)
    except BrokerError as error:
        pytest.skip(str(error))
    with started as broker:
        yield broker


class HeadEnd:
    """One incarnation of the service. Its standard output says when it is subscribed."""

    def __init__(self, port: int, db: Path | str, *options: str, host: str = "127.0.0.1") -> None:
        command = [*COMMAND, "run", "--broker", f"{host}:{port}", "--db", str(db), *options]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self._ready = threading.Semaphore(0)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout
        for _ in self._process.stdout:
            self._ready.release()

    def wait_ready(self) -> None:
        """Until it is subscribed; called again: once more."""
        assert self._ready.acquire(timeout=DEADLINE_S), "the head-end did not subscribe in time"

    def wait_failed(self) -> str:
        """Until it ends by itself, with status 1; the last line that it wrote."""
        assert self._process.wait(DEADLINE_S) == 1
        assert self._process.stderr
        return self._process.stderr.read().splitlines()[-1]

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def stop(self) -> str:
        """End it in good order; returns what it wrote on standard error."""
        self._process.terminate()
        assert self._process.wait(DEADLINE_S) == 0
        assert self._process.stderr
        return self._process.stderr.read()


@contextlib.contextmanager
def a_head_end(
    port: int, db: Path | str, *options: str, host: str = "127.0.0.1"
) -> Iterator[HeadEnd]:
    head_end = HeadEnd(port, db, *options, host=host)
    try:
        yield head_end
    finally:
        head_end.kill()


def run(*words: str) -> subprocess.CompletedProcess:
    """One command of the head-end, to its end."""
    return subprocess.run(
        [*COMMAND, *words], cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE_S
    )


def closed_books(db: Path | str, collector: str, records: int) -> Books:
    """The books of a `CollectorDouble` that has sent so many records: each is there, once."""
    ledger = Ledger(db)
    books = ledger.books(collector)
    ledger.close()
    assert (books.kept, books.watermark) == (2 * records, records)
    water, power = books.channels["water"], books.channels["electricity_delivered"]
    assert water.consumption == sum(n % 7 for n in range(1, records + 1))
    assert power.consumption == records * (records + 1) // 2
    assert (books.residual, books.lost, books.doubled, books.conflicts) == (0, 0, 0, 0)
    assert books.waiting == []
    return books
