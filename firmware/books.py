"""The books of the collector: the registers of all channels and their intervals, and how they
survive in the journal.

One invariant: for every channel, opening register + closed intervals + open interval = register,
at any moment and across any reset.
"""

from micropython import const

import once
from journal import JournalError
from lib import events, frame, record, registers
from lib.intervals import Intervals
from lib.quality import CLOCK_MOVED, CLOCK_UNTRUSTED

CHANNELS = (
    ("electricity_delivered", "Wh"),
    ("electricity_received", "Wh"),
    ("water", "L"),
    ("gas", "dm3"),
)
_UNTOLD_S = const(604800)
_DAY_S = const(86400)


class Books:
    """Accumulators of all channels; every change that must survive is appended to the journal.
    A channel is told by its place in CHANNELS.

    recorded: an asyncio.Event that is set after each append.
    carries: per channel what its source keeps beside the register (lib/registers.py).
    saves, saved_s: how often the registers went to flash, and the uptime when they last did.
    trouble: why the journal takes no records at present, None when it does. rates: the registers
    by period (rates/keeper.py), or None.
    on_alarm: if any, called with the sequence of an event that somebody should know at once; which
    those are, is in alarms.
    """

    def __init__(self, config, journal, clock, recorded):
        self.carries = [0] * len(CHANNELS)
        self.saves = self.saved_s = 0
        self.trouble = self.rates = self.on_alarm = None
        self.alarms = events.ALARMS
        self._refused = 0
        self._journal = journal
        self._clock = clock
        self._recorded = recorded
        self._intervals = Intervals(len(CHANNELS), config["interval_s"])
        self._channels = self._intervals.channels
        self._kept = registers.Registers(0, [None] * len(CHANNELS), [0] * len(CHANNELS), [])

    def restore(self) -> None:
        """Take up the registers where the journal left them."""
        kept = _replay().run(self._journal)
        if kept:
            self._kept = kept
            self.carries = kept.carries[:]
            for place, boundary in enumerate(kept.boundaries):
                if boundary is not None:
                    register = boundary + kept.sinces[place]
                    self._channels[place].restore(register, boundary, kept.boundary_s or None)
        else:
            self._kept.carries = self.carries[:]
        self._journal.snapshot = self.snapshot

    def keep(self, rates) -> None:
        """From now on the registers by period of a tariff are kept beside the others."""
        self.rates = rates

    def snapshot(self) -> bytes:
        """What the journal has told so far: every sector begins with it, whatever record opens the
        sector.
        """
        return self._kept.pack()

    def event(self, kind: int, values: tuple = ()) -> int:
        """Record that something happened; its sequence, 0 when it is not in flash."""
        packed = events.pack(kind, self._journal.boot, self._clock.unix_s(), values)
        seq = self.append(record.EVENT, packed)
        if seq and self.on_alarm and kind in self.alarms:
            self.on_alarm(seq)
        return seq

    def register(self, place: int) -> int | None:
        """The newest register of a channel; None while it was never read."""
        return self._channels[place].register

    def closed_registers(self) -> list:
        """Every channel's register at the end of its last interval in the journal, or None."""
        return self._kept.boundaries

    def age_s(self, place: int) -> int | None:
        """How long ago the last interval with a reading of the channel ended; None: not known."""
        kept, unix_s = self._kept, self._clock.unix_s()
        if unix_s is None or not kept.boundary_s:
            return None
        # A sector that has no interval yet does not tell which channels were read.
        read_s = kept.read_s[place] or kept.boundary_s - _UNTOLD_S
        return max(0, unix_s - read_s)

    def open(self, place: int, register: int) -> None:
        """Begin a channel that has no history at `register`."""
        self._channels[place].open(register)
        self._kept.boundaries[place] = register

    def take(self, place: int, register: int) -> None:
        """A channel has come to `register`."""
        channel = self._channels[place]
        first = channel.register is None
        channel.reading(register, self._clock.now_s())
        if first:
            self.checkpoint()

    def mark(self, place: int, flags: int) -> None:
        """Add quality `flags` to the open interval of a channel."""
        self._channels[place].mark(flags)

    def checkpoint(self) -> None:
        """Save all registers now."""
        boundaries = []
        sinces = []
        for channel in self._channels:
            boundaries.append(channel.boundary_register)
            sinces.append((channel.register or 0) - (channel.boundary_register or 0))
        kept, carries = self._kept, self.carries[:]
        if boundaries == kept.boundaries:
            stored = self.append(record.CHECKPOINT, kept.checkpoint(sinces, carries))
        else:  # a channel was read for the first time
            now = registers.Registers(kept.boundary_s, boundaries, sinces, carries)
            stored = self.append(record.SNAPSHOT, now.pack())
        if stored:
            kept.boundaries, kept.sinces, kept.carries = boundaries, sinces, carries
            self._saved()

    def time_known(self) -> None:
        """UTC is known: intervals end at its multiples from now on (lib/intervals.py)."""
        clock = self._clock
        self._intervals.time_known(clock.unix_s(), clock.uptime_s(), self._kept.boundary_s)

    def time_moved(self, stepped_s: int) -> None:
        """The clock was moved by more than a silent slew, and set at once by `stepped_s` of it:
        the open intervals say so. A boundary that it leapt over is still closed, without a value.
        """
        self._intervals.mark(CLOCK_MOVED)
        self._intervals.time_moved(stepped_s, self._clock.unix_s(), self._kept.boundary_s)

    def closed_s(self) -> int:
        """When the newest interval in the journal ends, UTC; 0: there is none."""
        return self._kept.boundary_s

    def next_boundary_s(self) -> int:
        """When the open intervals end, by the clock's now_s()."""
        return self._intervals.next_s

    def close_due(self) -> None:
        """Close every interval whose end has come, with the readings that were taken."""
        while self._intervals.is_due(self._clock.now_s()):
            self._close(self._intervals.next_s)

    def _close(self, boundary_s: int) -> None:
        intervals, kept = self._intervals, self._kept
        period_s, start_s, before_s = intervals.period_s, intervals.start_s, None
        if start_s is None:
            start_s, before_s = boundary_s - period_s, kept.boundary_s
        else:
            boundary_s = 0  # not known
        if not (boundary_s and self._clock.is_trusted()):
            intervals.mark(CLOCK_UNTRUSTED)
        if self.rates:
            intervals.mark(self.rates.before(start_s, period_s, boundary_s))
        deltas, qualities = intervals.close()
        stored = self.append(*frame.pack(start_s, period_s, deltas, qualities, before_s))
        if stored:
            kept.close(boundary_s, deltas)
        else:
            intervals.reopen()
        # before anything that may fail: what is stored is never closed again
        intervals.advance(self._clock.unix_s(), kept.boundary_s)
        if not stored:
            return
        if self.carries == kept.carries:
            self._saved()
        else:  # an interval does not tell them
            self.checkpoint()
        if boundary_s and not boundary_s % _DAY_S:
            _replay().check_day(self, self._journal, self._channels)
        if self.rates:
            told = frame.Interval(start_s, period_s, deltas, qualities, not boundary_s)
            self.rates.counted(told)

    def append(self, kind: int, payload: bytes) -> int:
        """Store a record; its sequence, or 0. While the flash refuses, the registers go on in
        memory, and the next interval that can be stored tells everything since the last one that
        was."""
        try:
            seq = self._journal.append(kind, payload)
        except JournalError as error:
            self._refused += 1
            self.trouble = str(error)
            return 0
        if self._refused:
            refused, self._refused, self.trouble = self._refused, 0, None
            self.event(events.JOURNAL_RECOVERED, (refused,))
        self._recorded.set()
        return seq

    def _saved(self) -> None:
        self.saves += 1
        self.saved_s = self._clock.uptime_s()


def _replay():
    import replay

    once.forget("replay")
    return replay
