"""Everything received: taken in by the rules of intake.py, read as books by whoever reports.

`Ledger.receive` returns the answers only after the commit, so a collector never forgets
what is not safe here. Killed at any moment, it has stored a message wholly or not at all.
"""

import logging
from collections.abc import Sequence
from pathlib import Path

from tools.headend import books as bookkeeping
from tools.headend.answers import Publication, TariffSource, ack
from tools.headend.books import Books
from tools.headend.holes import end, look
from tools.headend.intake import Intake
from tools.headend.messages import Event, Message, MessageError, collector_of, parse
from tools.headend.orders import Order, OrderError
from tools.headend.store import Store

log = logging.getLogger(__name__)


class Ledger:
    """Everything received, in one SQLite file or one PostgreSQL database, which several receivers
    may share. Use from one thread. `tariff`: what collectors are told that keep registers by
    period, as by `almanac.Almanacs`.

    Raises `StoreError` when the database can not be opened, or fails.
    """

    def __init__(self, place: Path | str = ":memory:", tariff: TariffSource | None = None) -> None:
        self._store = Store(place)
        self._intake = Intake(self._store, tariff)
        self.snapshot = self._store.snapshot
        self.close = self._store.close

    def receive(self, topic: str, payload: bytes, received_s: int) -> list[Publication]:
        """Take one message in, durably; returns what to publish. A bad message raises nothing."""
        return self.receive_all([(topic, payload)], received_s)

    def receive_all(
        self, messages: Sequence[tuple[str, bytes]], received_s: int
    ) -> list[Publication]:
        """Take several in, in one transaction: the disk is waited for once. Of the answers that
        replace one another, the last.
        """
        parsed = [(topic, _parsed(topic, payload)) for topic, payload in messages]
        answers: list[Publication] = []
        with self._store.transaction():
            # In one order, or two receivers would wait for one another.
            for collector in sorted({collector_of(topic) for topic, _ in parsed}):
                self._store.collectors.claim(collector)
            for topic, message in parsed:
                answers += self._take(topic, message, received_s)
        return list(dict(answers).items())

    def order(self, collector: str, order: Order, now_s: int) -> tuple[int, int, Publication]:
        """A command to a collector, kept under an id of its own: the boot it is for, the id, and
        what to publish. Raises `OrderError` when nobody knows that collector.
        """
        with self._store.transaction():
            if self._store.collectors.row(collector).get("boot") is None:
                raise OrderError(
                    f"{collector} has never told its boot, which a command must name: is it"
                    " connected, and does a receiver run with this database?"
                )
            self._store.collectors.claim(collector)
            return self._order(collector, order, now_s)

    def ask(self, now_s: int) -> list[Publication]:
        """Ask collectors for what is missing, where a hole stays (holes.py)."""
        asked = []
        for collector in self._store.commands.waiting():
            with self._store.transaction():
                self._store.collectors.claim(collector)
                asked += self._ask(collector, now_s)
        return asked

    def acks(self) -> list[Publication]:
        """The acknowledgement of every collector as it stands, for when one may have been lost."""
        return [ack(name, watermark) for name, watermark in self._store.collectors.watermarks()]

    def collectors(self) -> list[str]:
        """The collectors heard of; '-' stands for messages that named none."""
        return self._store.collectors.names()

    def books(self, collector: str) -> Books:
        """The closed books of one collector."""
        row = self._store.collectors.row(collector)
        events = self.events(collector)
        channels = {
            name: bookkeeping.close_channel(name, unit, self.rows(collector, name), events)
            for name, unit in self._store.records.units(collector).items()
        }
        return Books(
            collector,
            channels,
            watermark=row.get("watermark", 0),
            waiting=self._store.collectors.stretches(collector, "waiting"),
            adopted=self._store.collectors.stretches(collector, "adopted"),
            lost=self._lost(collector),
            dropped_doubles=row.get("dropped_doubles", 0),
            conflicts=len(self._store.records.conflicts(collector)),
            refused=row.get("refused", 0),
            online=None if row.get("online") is None else bool(row["online"]),
            boot=row.get("boot"),
        )

    def interval_series(self, collector: str, channel: str) -> list[tuple[int, int | None, int]]:
        """(start_s, delta, quality) of every interval that counts and has a time, in its order."""
        rows = self.counted(collector, channel)
        return [(row.start_s, row.delta, row.quality) for row in rows if row.start_s is not None]

    def counted(self, collector: str, channel: str) -> list[bookkeeping.Row]:
        """Every interval that counts, in order of time; first those without one."""
        good, _ = bookkeeping.counted(self.rows(collector, channel), self.events(collector))
        return sorted(good, key=lambda row: (row.start_s or 0, row.seq))

    def channels(self, collector: str) -> list[str]:
        """Those that any interval was received of."""
        return list(self._store.records.units(collector))

    def commands(self, collector: str, count: int = 5) -> list[tuple[str, int, str | None]]:
        """(command, sent_s, reply as JSON) of the last ones, the newest first."""
        return self._store.commands.recent(collector, count)

    def rows(self, collector: str, channel: str) -> list[bookkeeping.Row]:
        """Every interval as it was stored, in order of the journal."""
        return self._store.records.rows(collector, channel)

    def events(self, collector: str) -> list[Event]:
        """Every event, in order of the journal."""
        return self._store.records.events(collector)

    def conflicts(self, collector: str) -> list[tuple[int, str, str, str]]:
        """(seq, channel, kept, refused) where one key came with two contents."""
        return self._store.records.conflicts(collector)

    def _take(
        self, topic: str, message: Message | MessageError, received_s: int
    ) -> list[Publication]:
        try:
            if isinstance(message, MessageError):
                raise message
            return self._intake.take(message, received_s)
        except MessageError as error:
            log.warning("refused %s: %s", topic[:80], error)
            self._store.collectors.refuse(collector_of(topic), str(error))
            return []

    def _order(self, collector: str, order: Order, now_s: int) -> tuple[int, int, Publication]:
        boot = self._store.collectors.row(collector)["boot"]
        # Seconds rise even if this database is lost and another begins within one boot.
        number = max(now_s, self._store.commands.last_id(collector, boot) + 1)
        self._store.commands.add(collector, boot, number, order.summary, now_s)
        return boot, number, order.publication(collector, boot, number)

    def _ask(self, collector: str, now_s: int) -> list[Publication]:
        is_online = self._store.collectors.row(collector)["online"]
        watermark, waiting = self._store.collectors.progress(collector)
        known = self._store.commands.hole(collector)
        if not waiting or not is_online:  # who connects anew sends all that is not safe
            if known:
                self._store.commands.set_hole(collector, None)
            return []
        after, upto = watermark, end(waiting)
        hole, due = look(known, after, upto, now_s)
        if hole != known:
            self._store.commands.set_hole(collector, hole)
        if not due:
            return []
        log.warning("%s is asked for records %d..%d again", collector, after + 1, upto)
        resend = Order("resend", {"after": after, "upto": upto})
        return [self._order(collector, resend, now_s)[2]]

    def _lost(self, collector: str) -> int:
        """Records in a loss the collector reported, less those that arrived after all.

        The report of what is damaged stands in its place, with the last sequence of the range.
        """
        losses = sorted(
            (event.detail["first"], event.detail["last"], event.seq)
            for event in self.events(collector)
            if event.type == "records_lost"
        )
        lost, reached = 0, -1
        for first, last, seq in losses:
            first = max(first, reached + 1)
            if first <= last:
                arrived = self._store.records.received_between(collector, first, last)
                lost += last - first + 1 - arrived + (first <= seq <= last)
                reached = last
        return lost


def _parsed(topic: str, payload: bytes) -> Message | MessageError:
    try:
        return parse(topic, payload)
    except MessageError as error:
        return error
