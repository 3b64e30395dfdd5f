"""The rules of the receiver: what a message changes, and what is answered.

A message that comes again changes nothing but a counter. All of it happens in the transaction of
whoever calls, with the collector claimed.
"""

import json
import logging

from tools.headend.answers import Publication, TariffAnswers, TariffSource, ack, time_now
from tools.headend.messages import Delivery, Message, MessageError, Reply, Status
from tools.headend.records import content, event_content
from tools.headend.store import Store
from tools.headend.watermark import join

log = logging.getLogger(__name__)


class Intake:
    """Takes messages into a store."""

    def __init__(self, store: Store, tariff: TariffSource | None) -> None:
        self._collectors = store.collectors
        self._records = store.records
        self._commands = store.commands
        self._tariff = TariffAnswers(tariff)
        # By collector and channel, as they were read: a unit never changes.
        self._units: dict[str, dict[str, str]] = {}

    def take(self, message: Message, received_s: int) -> list[Publication]:
        """One message; returns what to publish. MessageError: refused, nothing was changed."""
        if isinstance(message, Status):
            return self._take_status(message, received_s)
        if isinstance(message, Reply):
            return self._take_reply(message, received_s)
        return self._take_delivery(message, received_s)

    def _take_status(self, status: Status, received_s: int) -> list[Publication]:
        row = self._collectors.row(status.collector)
        late = not status.online and row["boot"] is not None and status.boot < row["boot"]
        if late:  # the will of a connection that a newer boot has replaced
            return []
        self._collectors.set_status(status, received_s)
        if not status.online:
            return []
        answers = self._settle(status.collector, status.acked)
        if status.detail.get("time", received_s) is None:
            answers.append(time_now(status.collector, received_s))
        return answers + self._tariff.to(status, received_s)

    def _settle(self, collector: str, acked: int | None) -> list[Publication]:
        """Bring the collector's cursor and our watermark together."""
        watermark = self._collectors.row(collector)["watermark"]
        if acked is None:
            return []
        if acked < watermark:  # our acknowledgement did not reach it
            return [ack(collector, watermark)]
        if acked > watermark:
            # It will never send these again: an earlier head-end took them. Not knowing that, we
            # would wait for them for ever.
            adopted = (watermark, acked)
            known = self._collectors.stretches(collector, "adopted")
            self._collectors.set_stretches(collector, "adopted", [*known, adopted])
            self._advance(collector, *adopted)
        return []

    def _take_reply(self, reply: Reply, received_s: int) -> list[Publication]:
        if reply.refused is not None:
            log.info("%s refused command %d: %a", reply.collector, reply.id, reply.refused)
        told = {"done": reply.done, "detail": reply.detail, "refused": reply.refused}
        text = json.dumps({key: value for key, value in told.items() if value is not None})
        self._commands.set_reply(reply.collector, reply.boot, reply.id, text, received_s)
        return []

    def _take_delivery(self, delivery: Delivery, received_s: int) -> list[Publication]:
        collector = delivery.collector
        self._check_units(delivery)
        doubles = self._take_intervals(delivery, received_s)
        doubles += self._take_events(delivery, received_s)
        if doubles:
            self._collectors.add_doubles(collector, doubles)
        watermark = self._advance(collector, delivery.after, delivery.upto)
        # Also for a repeat, whose first acknowledgement may have been lost; not beyond a hole.
        return [ack(collector, watermark)] if delivery.upto <= watermark else []

    def _check_units(self, delivery: Delivery) -> None:
        """Refuse a channel that has another unit now; only then note those that are new."""
        collector = delivery.collector
        told = {interval.channel: interval.unit for interval in delivery.intervals}
        known = self._units.get(collector, {})
        if not told.keys() <= known.keys():
            known = self._units[collector] = self._records.units(collector)
        for channel, unit in told.items():
            if known.get(channel, unit) != unit:
                raise MessageError(f"{channel}: unit {unit}, was {known[channel]}")
        new = {channel: unit for channel, unit in told.items() if channel not in known}
        if new:
            self._records.add_units(collector, new)

    def _take_intervals(self, delivery: Delivery, received_s: int) -> int:
        """Returns how many were there already."""
        there = self._records.add_intervals(
            delivery.collector, delivery.intervals, delivery.historical, received_s
        )
        return sum(
            self._is_double(
                delivery.collector, each.seq, each.channel, kept, content(each, kept), received_s
            )
            for each in delivery.intervals
            if (kept := there.get((each.channel, each.seq)))
        )

    def _take_events(self, delivery: Delivery, received_s: int) -> int:
        """Returns how many were there already."""
        collector = delivery.collector
        there = self._records.add_events(collector, delivery.events, received_s)
        doubles = 0
        for event in delivery.events:
            kept = there.get(event.seq)
            if kept:
                new = event_content(event)
                doubles += self._is_double(collector, event.seq, "event", kept, new, received_s)
            elif event.type == "tariff_refused":
                self._tariff.refused(collector, event)
        return doubles

    def _is_double(
        self, collector: str, seq: int, channel: str, kept: tuple, new: tuple, received_s: int
    ) -> bool:
        """Whether the same was there already; other content under its key is a conflict."""
        if kept == new:
            return True
        log.warning("%s: %s of seq %d came with other content", collector, channel, seq)
        texts = json.dumps(kept), json.dumps(new)
        self._records.add_conflict(collector, seq, channel, *texts, received_s)
        return False

    def _advance(self, collector: str, after: int, upto: int) -> int:
        """Join the stretch to what was received; returns the watermark."""
        before, waiting = self._collectors.progress(collector)
        watermark, still_waiting = join(before, waiting, (after, upto))
        if watermark != before:
            self._collectors.set_watermark(collector, watermark)
        if still_waiting != waiting:
            self._collectors.set_stretches(collector, "waiting", still_waiting)
        return watermark
