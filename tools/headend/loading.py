"""Takes a dump into the ledger, as if its collector had uploaded what is in it."""

from dataclasses import dataclass

from tools.headend.dump import Dump, DumpError, Hole
from tools.headend.ledger import Ledger
from tools.headend.messages import Delivery, MessageError, parse

_GROUP = 100  # messages in one commit


@dataclass(frozen=True)
class Loaded:
    """What became of a dump. intervals, events: so many were new. received_upto: behind nothing
    before this record anything is missing. holes: what the collector is asked for when it
    connects.
    """

    intervals: int
    events: int
    received_upto: int
    holes: list[Hole]


def load(ledger: Ledger, dump: Dump, collector: str, now_s: int) -> Loaded:
    """Take in what is not there yet. Raises `DumpError` where it cannot be of this collector, and
    `StoreError`; what was stored by then is whole, and the same again goes on.
    """
    _check(ledger, dump, collector)
    books = ledger.books(collector)
    # As a collector does that connects. What an earlier head-end took it does not have any more,
    # but the dump may.
    after = min([books.watermark, *(after for after, _ in books.adopted)])
    before = _count(ledger, collector)
    messages = list(dump.messages(collector, after))
    for at in range(0, len(messages), _GROUP):
        ledger.receive_all(messages[at : at + _GROUP], now_s)
    intervals, events = _count(ledger, collector)
    upto = ledger.books(collector).watermark
    return Loaded(intervals - before[0], events - before[1], upto, dump.holes(upto))


def _count(ledger: Ledger, collector: str) -> tuple[int, int]:
    """How many intervals and events are there."""
    channels = ledger.channels(collector)
    intervals = sum(len(ledger.rows(collector, channel)) for channel in channels)
    return intervals, len(ledger.events(collector))


def _check(ledger: Ledger, dump: Dump, collector: str) -> None:
    """Every message can be taken, and nothing of what is there already is another record."""
    there = {
        (channel, row.seq): row
        for channel in ledger.channels(collector)
        for row in ledger.rows(collector, channel)
    }
    events = {event.seq: event for event in ledger.events(collector)}
    for topic, text in dump.messages(collector):
        try:
            delivery = parse(topic, text)
        except MessageError as error:
            raise DumpError(f"{dump.path}: {error}. Nothing was loaded") from error
        assert isinstance(delivery, Delivery)
        for each in delivery.intervals:
            row = there.get((each.channel, each.seq))
            if row and (
                (row.period_s, row.delta, row.quality) != (each.period_s, each.delta, each.quality)
                or (row.start_s != each.start_s and not each.since_boot)
            ):
                raise _other(dump, collector, each.seq)
        for each in delivery.events:
            kept = events.get(each.seq, each)
            # that something was lost is told in the place of what was lost
            if "records_lost" not in (kept.type, each.type) and (
                (kept.boot, kept.time_s, kept.type) != (each.boot, each.time_s, each.type)
            ):
                raise _other(dump, collector, each.seq)


def _other(dump: Dump, collector: str, seq: int) -> DumpError:
    return DumpError(
        f"{dump.path}: record {seq} is not the one that {collector} has told: is it of another"
        " board, or of before its flash was erased? Nothing was loaded"
    )
