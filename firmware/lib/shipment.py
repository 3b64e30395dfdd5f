"""Turns the journal's records, in order, into messages: which records share one, and what stretch
it covers.
"""

from lib import events, frame, record, registers
from lib.payload import EventBatch, IntervalBatch

INTERVALS = "intervals"
EVENTS = "events"


class Shipment:
    """Takes records one by one; when one does not fit with those before it, the message is ready.

    Every record counts, also those that stay at home (snapshots, checkpoints, acknowledgements): a
    message covers all sequence numbers from `after` + 1 to `upto`, so that the head-end sees that
    nothing is missing between two.
    """

    def __init__(self, channels: tuple, out):
        """out: the buffer of one message (payload.writer)."""
        self._intervals = IntervalBatch(channels, out)
        self._events = EventBatch(out)
        self._registers = None
        self._boundary_s = 0
        self._history_upto = 0
        self.quiet = ()  # types of events that stay at home
        self.after = 0
        self.upto = 0

    def restart(self, after: int, history_upto: int) -> None:
        """Begin anew behind `after`; records up to `history_upto` precede the connection."""
        self.clear()
        self.after = self.upto = after
        self._history_upto = history_upto

    def clear(self) -> None:
        """The message has been sent: the next one begins behind it."""
        self._intervals.clear()
        self._events.clear()
        self.after = self.upto

    def is_empty(self) -> bool:
        """Nothing that the head-end needs to know."""
        return len(self._intervals) == 0 and len(self._events) == 0

    def add(self, entry) -> bool:
        """Take the next record; False when the message must be sent before it.

        A record at or before `after` is only looked at for the registers it tells. Records that
        are damaged or gone before it are told as lost, in their place: no hole is shipped over.
        What they said of the registers is unknown, until the next snapshot tells all.
        """
        if entry.missed and entry.seq - 1 > self.upto and not self._add_hole(entry):
            return False
        if entry.missed:
            self._registers = None
        if entry.kind == record.SNAPSHOT:
            self._registers = registers.unpack(entry.payload)
            self._boundary_s = self._registers.boundary_s
        elif frame.is_frame(entry.kind):
            if not self._add_interval(entry):
                return False
        elif entry.seq > self.after and not self._add_event(entry):
            return False
        self.upto = max(self.upto, entry.seq)
        return True

    def message(self, boot: int) -> tuple:
        """(topic's last word, text) of the message gathered so far; the text is valid until the
        next change.
        """
        if len(self._intervals):
            historical = 1 if self.upto <= self._history_upto else 0
            return INTERVALS, self._intervals.text(self.after, self.upto, historical)
        return EVENTS, self._events.text(boot, self.after, self.upto)

    def _add_hole(self, entry) -> bool:
        first, last = max(entry.seq - entry.missed, self.upto + 1), entry.seq - 1
        if len(self._intervals) or not self._add_loss(last, 0, first, last):
            return False
        self.upto = last
        return True

    def _add_loss(self, seq: int, boot: int, first: int, last: int) -> bool:
        detail = (("first", first), ("last", last))
        return self._events.add(seq, boot, None, "records_lost", detail)

    def _add_interval(self, entry) -> bool:
        interval = frame.unpack(entry.kind, entry.payload, self._boundary_s)
        if entry.seq > self.after and (
            len(self._events)
            or self._crosses_history(entry.seq)
            or not self._intervals.add(
                entry.seq,
                entry.boot,
                self._registers.boundaries if self._registers else None,
                interval,
            )
        ):
            return False
        self._boundary_s = interval.end_s() or self._boundary_s
        if self._registers:
            self._registers.close(interval.end_s(), interval.deltas)
        return True

    def _add_event(self, entry) -> bool:
        if entry.kind not in (record.EVENT, record.LOSS):
            return True
        if entry.kind == record.EVENT and entry.payload[0] in self.quiet:
            return True
        if len(self._intervals):
            return False
        if entry.kind == record.LOSS:
            boot = record.unpack_mark(entry.payload)[1]
            return self._add_loss(entry.seq, boot, *record.unpack_loss(entry.payload))
        boot, unix_s, word, detail = events.unpack(entry.payload)
        return self._events.add(entry.seq, boot, unix_s, word, detail)

    def _crosses_history(self, seq: int) -> bool:
        return len(self._intervals) > 0 and self.upto <= self._history_upto < seq
