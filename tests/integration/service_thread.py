"""A receiver in a thread of the test, which can look into it."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.integration.collector_double import DEADLINE_S
from tools.headend.answers import Publication
from tools.headend.ledger import Ledger
from tools.headend.service import Service
from tools.headend.sharing import Sharing


class CountingLedger(Ledger):
    """Knows how many messages it took in, and in how many transactions."""

    def __init__(self, place: Path | str) -> None:
        super().__init__(place)
        self.count: Counter[str] = Counter()

    def receive_all(
        self, messages: Sequence[tuple[str, bytes]], received_s: int
    ) -> list[Publication]:
        """As the ledger, counted."""
        self.count["messages"] += len(messages)
        self.count["transactions"] += 1
        return super().receive_all(messages, received_s)


@contextmanager
def a_service(db: Path | str, port: int, sharing: Sharing | None = None) -> Iterator[Counter[str]]:
    """Subscribed when the block begins; gives what it counts."""
    ready, made = threading.Event(), threading.Event()
    found: list[tuple[CountingLedger, Service]] = []

    def work() -> None:
        ledger = CountingLedger(db)
        service = Service(ledger, "127.0.0.1", port, sharing, ready.set)
        found.append((ledger, service))
        made.set()
        service.run()
        ledger.close()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert made.wait(DEADLINE_S) and ready.wait(DEADLINE_S)
    ledger, service = found[0]
    try:
        yield ledger.count
    finally:
        service.stop()
        thread.join(DEADLINE_S)
        assert not thread.is_alive()
