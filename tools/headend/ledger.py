"""The rules of the receiver: what a message changes, in one transaction, and what is answered.

`Ledger.receive` returns the answers only after the commit, so a collector never forgets
what is not safe here. Killed at any moment, it has stored a message wholly or not at all; a
message that comes again changes nothing but a counter.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.headend import books as bookkeeping
from tools.headend.answers import Publication, TariffAnswers, TariffSource, ack, time_now
from tools.headend.books import Books
from tools.headend.messages import (
    Delivery,
    Event,
    MessageError,
    Status,
    collector_of,
    parse,
)
from tools.headend.store import Store, content, event_content
from tools.headend.watermark import join

log = logging.getLogger(__name__)


class Ledger:
    """Everything received, in one SQLite file. Use from one thread. `tariff`: what collectors are
    told that keep registers by period, as by `almanac.Almanacs`.

    Raises `StoreError` when the file can not be opened.
    """

    def __init__(self, path: Path | str = ":memory:", tariff: TariffSource | None = None) -> None:
        self._store = Store(path)
        self._tariff = TariffAnswers(tariff)

    def receive(self, topic: str, payload: bytes, received_s: int) -> list[Publication]:
        """Take one message in, durably; returns what to publish. A bad message raises nothing."""
        try:
            message = parse(topic, payload)
            with self._transaction():
                self._store.add_collector(message.collector)
                if isinstance(message, Status):
                    return self._take_status(message, received_s)
                return self._take_delivery(message, received_s)
        except MessageError as error:
            log.warning("refused %s: %s", topic[:80], error)
            with self._transaction():
                self._store.add_collector(collector_of(topic))
                self._store.refuse(collector_of(topic), str(error))
            return []

    def acks(self) -> list[Publication]:
        """The acknowledgement of every collector as it stands, for when one may have been lost."""
        rows = ((name, self._store.collector(name)["watermark"]) for name in self.collectors())
        return [ack(name, watermark) for name, watermark in rows if watermark]

    def collectors(self) -> list[str]:
        """The collectors heard of; '-' stands for messages that named none."""
        return self._store.collectors()

    def books(self, collector: str) -> Books:
        """The closed books of one collector."""
        row = self._store.collector(collector)
        events = self.events(collector)
        channels = {
            name: bookkeeping.close_channel(name, unit, self._store.rows(collector, name), events)
            for name, unit in self._store.units(collector).items()
        }
        return Books(
            collector,
            channels,
            watermark=row.get("watermark", 0),
            waiting=self._store.stretches(collector, "waiting"),
            adopted=self._store.stretches(collector, "adopted"),
            lost=self._lost(collector),
            dropped_doubles=row.get("dropped_doubles", 0),
            conflicts=len(self._store.conflicts(collector)),
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

    def rows(self, collector: str, channel: str) -> list[bookkeeping.Row]:
        """Every interval as it was stored, in order of the journal."""
        return self._store.rows(collector, channel)

    def completeness(
        self, collector: str, channel: str, from_s: int, to_s: int, period_s: int = 3600
    ) -> tuple[int, int]:
        """(expected, received with a value) intervals that start in from_s..to_s, end excluded."""
        series = self.interval_series(collector, channel)
        starts = {start_s for start_s, delta, _ in series if delta is not None}
        return len(range(from_s, to_s, period_s)), sum(from_s <= at < to_s for at in starts)

    def events(self, collector: str) -> list[Event]:
        """Every event, in order of the journal."""
        return self._store.events(collector)

    def conflicts(self, collector: str) -> list[tuple[int, str, str, str]]:
        """(seq, channel, kept, refused) where one key came with two contents."""
        return self._store.conflicts(collector)

    def close(self) -> None:
        """Close the file."""
        self._store.db.close()

    def _take_status(self, status: Status, received_s: int) -> list[Publication]:
        row = self._store.collector(status.collector)
        late = not status.online and row["boot"] is not None and status.boot < row["boot"]
        if late:  # the will of a connection that a newer boot has replaced
            return []
        self._store.set_status(status, received_s)
        if not status.online:
            return []
        answers = self._settle(status.collector, status.acked)
        if status.detail.get("time", received_s) is None:
            answers.append(time_now(status.collector, received_s))
        return answers + self._tariff.to(status, received_s)

    def _settle(self, collector: str, acked: int | None) -> list[Publication]:
        """Bring the collector's cursor and our watermark together."""
        watermark = self._store.collector(collector)["watermark"]
        if acked is None:
            return []
        if acked < watermark:  # our acknowledgement did not reach it
            return [ack(collector, watermark)]
        if acked > watermark:
            # It will never send these again: an earlier head-end took them. Not knowing that, we
            # would wait for them for ever.
            adopted = (watermark, acked)
            known = self._store.stretches(collector, "adopted")
            self._store.set_stretches(collector, "adopted", [*known, adopted])
            self._advance(collector, *adopted)
        return []

    def _take_delivery(self, delivery: Delivery, received_s: int) -> list[Publication]:
        collector = delivery.collector
        self._check_units(delivery)
        doubles = 0
        for interval in delivery.intervals:
            there = self._store.add_interval(collector, interval, delivery.historical, received_s)
            doubles += self._is_double(
                collector, interval.seq, interval.channel, there, content(interval), received_s
            )
        for event in delivery.events:
            there = self._store.add_event(collector, event, received_s)
            doubles += self._is_double(
                collector, event.seq, "event", there, event_content(event), received_s
            )
            if event.type == "tariff_refused" and there is None:
                self._tariff.refused(collector, event)
        if doubles:
            self._store.add(collector, "dropped_doubles", doubles)
        watermark = self._advance(collector, delivery.after, delivery.upto)
        # Also for a repeat, whose first acknowledgement may have been lost; not beyond a hole.
        return [ack(collector, watermark)] if delivery.upto <= watermark else []

    def _check_units(self, delivery: Delivery) -> None:
        known = self._store.units(delivery.collector)
        for interval in delivery.intervals:
            unit = known.get(interval.channel)
            if unit is None:
                known[interval.channel] = interval.unit
                self._store.add_unit(delivery.collector, interval.channel, interval.unit)
            elif unit != interval.unit:
                raise MessageError(f"{interval.channel}: unit {interval.unit}, was {unit}")

    def _is_double(
        self,
        collector: str,
        seq: int,
        channel: str,
        there: tuple | None,
        new: tuple,
        received_s: int,
    ) -> bool:
        """Whether the same was there already; other content under its key is a conflict."""
        if there is None or there == new:
            return there == new
        log.warning("%s: %s of seq %d came with other content", collector, channel, seq)
        kept, refused = json.dumps(there), json.dumps(new)
        self._store.add_conflict(collector, seq, channel, kept, refused, received_s)
        return False

    def _advance(self, collector: str, after: int, upto: int) -> int:
        """Join the stretch to what was received; returns the watermark."""
        before = self._store.collector(collector)["watermark"]
        waiting = self._store.stretches(collector, "waiting")
        watermark, still_waiting = join(before, waiting, (after, upto))
        if watermark != before:
            self._store.set_watermark(collector, watermark)
        if still_waiting != waiting:
            self._store.set_stretches(collector, "waiting", still_waiting)
        return watermark

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
                arrived = self._store.received_between(collector, first, last)
                lost += last - first + 1 - arrived + (first <= seq <= last)
                reached = last
        return lost

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._store.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._store.db.execute("ROLLBACK")
            raise
        self._store.db.execute("COMMIT")
