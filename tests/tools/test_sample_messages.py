"""The messages that other tests make up, where they are meant to be right, are such as a collector
sends: else the head-end is tested against something that does not exist.
"""

import json

import pytest

from tests import contract
from tests.integration.collector_double import batch
from tests.tools import test_messages, test_since_boot
from tests.tools.deliveries import START_S, day_closed, events, intervals, status, water, will
from tests.tools.tariff_house import House
from tools.headend.ledger import Ledger


class Listener(Ledger):
    """A ledger that keeps what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[str, bytes]] = []

    def receive(self, topic: str, payload: bytes, received_s: int) -> list[tuple[str, bytes]]:
        self.heard.append((topic, payload))
        return super().receive(topic, payload, received_s)


LOST = (9, "records_lost", {"first": 5, "last": 9})
SAMPLES = [
    ("status", status()),
    ("status", status(time=None, tariff=0, tariff_until=0)),
    ("status", will()),
    ("intervals", intervals(0, 3, [1, 3], water(100, 5, None, quality=[1, 8]))),
    ("events", events(3, 9, (4, *day_closed(105)), LOST)),
    ("intervals", batch(6, 10)),
    test_since_boot.hours(0, 2, [1, 2], water(100, 5, 6)),
    test_since_boot.clock_set(2, 3, START_S, 7240),
    test_since_boot.closed(3, 4, 111),
    *((word, json.dumps(message).encode()) for word, message in test_messages.TOPICS.items()),
]


@pytest.mark.parametrize(("word", "payload"), SAMPLES, ids=range(len(SAMPLES)))
def test_a_sample_is_a_message(word: str, payload: bytes) -> None:
    assert contract.problems(f"ami/h1/{word}", payload) == []


def test_all_that_the_house_with_a_tariff_says_is_a_message() -> None:
    ledger = Listener()
    house = House(ledger)
    house.live()
    house.live(assumed=1)
    assert len(ledger.heard) == 10
    assert [contract.problems(*each) for each in ledger.heard] == [[]] * 10
