"""The feed: the journal in order without a hole, whatever is sent ahead of it or once more."""

import json
import random

from books import CHANNELS
from feed import Feed
from journal import Journal
from lib import events, frame, payload, record, registers
from tests.sim.journal_rig import flash, opened

START_S = 1_772_409_600
HOUR_S = 3600
SECTORS = 6


class House:
    """A journal as the books fill it: hours of four channels, and events among them."""

    def __init__(self, rng: random.Random, records: int) -> None:
        self.rng = rng
        self.kept = registers.Registers(START_S, [0] * len(CHANNELS), [0] * len(CHANNELS), [0] * 4)
        self.journal: Journal = opened(flash(SECTORS))
        self.journal.snapshot = self.kept.pack
        for _ in range(records):
            self.live()

    def live(self) -> int:
        """One record more; its sequence."""
        if self.rng.random() < 0.3:
            told = events.pack(events.MAINS_LOST, self.journal.boot, self.kept.boundary_s, ())
            return self.journal.append(record.EVENT, told)
        deltas = [self.rng.randrange(50) for _ in CHANNELS]
        start_s = self.kept.boundary_s
        seq = self.journal.append(*frame.pack(start_s, HOUR_S, deltas, [0] * 4, start_s))
        self.kept.close(start_s + HOUR_S, deltas)
        return seq


class Heard:
    """What a feed sends: its stretches in order and ahead, and every record by its sequence."""

    def __init__(self, house: House, acked: int = 0) -> None:
        self.out = payload.writer(600)
        self.feed = Feed(house.journal, CHANNELS, self.out)
        self.feed.rewind(acked)
        self.in_order: list[tuple[int, int]] = []
        self.ahead: list[tuple[int, int]] = []
        self.records: dict[int, str] = {}

    def one(self) -> bool:
        """The next message, if there is one."""
        if not self.feed.gather():
            return False
        word, upto, after = self.feed.message()
        message = json.loads(bytes(self.out.packet(b"")))
        assert message["upto"] == upto
        if after < 0:
            self.in_order.append((message["after"], upto))
        else:
            assert message["after"] == after
            self.ahead.append((after, upto))
        self._note(word, message)
        return True

    def _note(self, word: str, message: dict) -> None:
        told = message["seq"] if word == "intervals" else message["events"]
        for place, item in enumerate(told):
            seq = item if word == "intervals" else item["seq"]
            text = json.dumps(item)
            if word == "intervals":
                opens = {
                    name: channel["open"] + sum(channel["delta"][:place])
                    for name, channel in message["channels"].items()
                }
                text = f"{message['start'] + place * message['period']} {opens}"
            assert self.records.setdefault(seq, text) == text  # a double says the same


def covered(stretches: list[tuple[int, int]]) -> set[int]:
    return {seq for after, upto in stretches for seq in range(after + 1, upto + 1)}


def test_in_order_without_a_hole_whatever_goes_ahead() -> None:
    # Alarms and requests at any moment, also for what is being sent: in order, each message begins
    # where the last one ended; and what was asked for is sent, unless its turn came soon anyway.
    for seed in range(6):
        house = House(random.Random(seed), 60 + seed)
        heard = Heard(house)
        asked: set[int] = set()
        for _ in range(200):
            if house.rng.random() < 0.1:
                house.live()
            if house.rng.random() < 0.1:
                after = house.rng.randrange(house.journal.newest)
                upto = house.rng.randrange(after + 1, house.journal.newest + 1)
                if heard.feed.ahead(upto, after):
                    asked |= set(range(after + 1, upto + 1))
            heard.one()
        while heard.one():
            pass
        ends = [0] + [upto for _, upto in heard.in_order]
        assert [after for after, _ in heard.in_order] == ends[:-1], seed
        told = {seq for seq in asked if seq in heard.records}
        assert told >= {seq for seq in covered(heard.ahead) if seq in heard.records}, seed
        entries = house.journal.cursor()
        while entry := entries.next():
            if entry.kind == record.EVENT or frame.is_frame(entry.kind):
                assert entry.seq in heard.records, (seed, entry.seq)


def test_an_alarm_overtakes_the_backlog() -> None:
    house = House(random.Random(1), 300)
    heard = Heard(house)
    for _ in range(3):
        heard.one()
    seq = house.live()
    heard.feed.ahead(seq)
    heard.one()
    assert heard.ahead == [(seq - 1, seq)]
    assert heard.feed.upto() < seq - 100
    while heard.one():
        pass
    assert heard.in_order[-1][1] == seq


def test_what_is_asked_for_and_gone_is_told_as_lost() -> None:
    # The head-end has a hole, and the journal has overwritten it: then it learns that.
    house = House(random.Random(2), 900)
    while house.journal.oldest < 50:
        house.journal.ack(house.live())
    heard = Heard(house, house.journal.newest)
    oldest = house.journal.oldest
    assert heard.feed.ahead(20, 10)
    assert heard.one()
    assert "records_lost" not in heard.records
    lost = [text for text in heard.records.values() if "records_lost" in text]
    assert json.loads(lost[0])["detail"] == {"first": 11, "last": oldest - 1}


def test_at_most_four_stretches_wait() -> None:
    house = House(random.Random(3), 300)
    heard = Heard(house)
    assert [heard.feed.ahead(place + 1, place) for place in range(200, 206)] == [True] * 4 + [
        False
    ] * 2
    assert not heard.feed.ahead(house.journal.newest + 9, house.journal.newest)


def test_two_requests_take_turns() -> None:
    # A long one does not hold up the alarm that comes behind it.
    house = House(random.Random(4), 400)
    heard = Heard(house, house.journal.newest)
    heard.feed.ahead(300, 0)
    heard.one()
    heard.feed.ahead(350)
    heard.one()
    assert heard.ahead[1] == (349, 350)
    while heard.one():
        pass
    assert covered(heard.ahead) >= set(range(1, 299))
