"""The books of the collector: the registers of all channels and their intervals, and how they
survive in the journal.

One invariant: for every channel, opening register + closed intervals + open interval = register,
at any moment and across any reset.
"""

from micropython import const

from journal import JournalError
from lib import events, frame, record, registers
from lib.interval import Accumulator, PulseRegister
from lib.quality import CLOCK_MOVED

CHANNELS = (
    ("electricity_delivered", "Wh"),
    ("electricity_received", "Wh"),
    ("water", "L"),
    ("gas", "dm3"),
)
PULSE_CHANNELS = ("water", "gas")
# boundaries closed one by one after a stall or a clock step; beyond, only the newest
_LATE_MAX = const(48)


class Books:
    """Accumulators of all channels; every change that must survive is appended to the journal.

    recorded: an asyncio.Event that is set after each append.
    trouble: why the journal takes no records at present, None when it does.
    """

    def __init__(self, config, journal, clock, recorded):
        self.trouble = None
        self._refused = 0
        self._journal = journal
        self._clock = clock
        self._recorded = recorded
        self._period_s = config["interval_s"]
        self._checkpoint_s = config["checkpoint_s"]
        self._checkpoint_pulses = config["checkpoint_pulses"]
        self._accumulators = {name: Accumulator(self._period_s) for name, _ in CHANNELS}
        self._pulses = {}
        self._counted = {}
        for name in PULSE_CHANNELS:
            num, den = config[name + ".pulse_num"], config[name + ".pulse_den"]
            self._pulses[name] = PulseRegister(num, den, config[name + ".opening"])
            self._counted[name] = 0
        self._unsaved_pulses = 0
        self._saved_s = 0
        self._next_s = None
        self._kept = registers.Registers(0, [None] * len(CHANNELS), [0] * len(CHANNELS))

    def restore(self) -> None:
        """Take up the registers where the journal left them; a fresh one opens the pulse registers
        as configured.
        """
        kept = self._replay()
        if kept:
            self._kept = kept
            for place, (name, _) in enumerate(CHANNELS):
                boundary = kept.boundaries[place]
                if boundary is not None:
                    register = boundary + kept.sinces[place]
                    self._accumulators[name].restore(register, boundary, kept.boundary_s or None)
                    if name in self._pulses:
                        self._pulses[name].register = register
        for place, (name, _) in enumerate(CHANNELS):
            if name in self._pulses and self._accumulators[name].register is None:
                self._accumulators[name].open(self._pulses[name].register)
                self._kept.boundaries[place] = self._pulses[name].register
        self._journal.snapshot = self.snapshot

    def snapshot(self) -> bytes:
        """What the journal has told so far: every sector begins with it, whatever record opens the
        sector.
        """
        return self._kept.pack()

    def event(self, kind: int, values: tuple = ()) -> None:
        """Record that something happened."""
        self._append(
            record.EVENT, events.pack(kind, self._journal.boot, self._clock.unix_s(), values)
        )

    def take_reading(self, channel: str, register: int) -> None:
        """A meter shows `register`; one that fell is held back, and told once."""
        accumulator = self._accumulators[channel]
        first = accumulator.register is None
        known = accumulator.held
        if not accumulator.reading(register, self._now_s()) and known is None:
            self.event(events.READING_HELD, (_place(channel), register))
        if first:
            self.checkpoint()

    def take_count(self, channel: str, pulses: int) -> None:
        """A counter has seen `pulses` since this boot."""
        new = pulses - self._counted[channel]
        self._counted[channel] = pulses
        self._unsaved_pulses += new
        register = self._pulses[channel].add(new)
        self._accumulators[channel].reading(register, self._now_s())

    def save_if_due(self) -> None:
        """Checkpoint on enough pulses, or on enough time with any: what a sudden death costs."""
        age_s = self._clock.uptime_s() - self._saved_s
        if self._unsaved_pulses >= self._checkpoint_pulses or (
            self._unsaved_pulses and age_s >= self._checkpoint_s
        ):
            self.checkpoint()

    def checkpoint(self) -> None:
        """Save all registers now."""
        boundaries = []
        sinces = []
        for name, _ in CHANNELS:
            accumulator = self._accumulators[name]
            boundaries.append(accumulator.boundary_register)
            sinces.append((accumulator.register or 0) - (accumulator.boundary_register or 0))
        now = registers.Registers(self._kept.boundary_s, boundaries, sinces)
        if boundaries == self._kept.boundaries:
            stored = self._append(record.CHECKPOINT, registers.checkpoint(sinces))
        else:  # a channel was read for the first time
            stored = self._append(record.SNAPSHOT, now.pack())
        if stored:
            self._kept = now
            self._saved()

    def time_known(self) -> None:
        """UTC is known (again): intervals end at its multiples, never twice at the same one."""
        aligned_s = (self._clock.unix_s() // self._period_s + 1) * self._period_s
        self._next_s = max(aligned_s, self._kept.boundary_s + self._period_s)

    def time_moved(self) -> None:
        """The clock was set by more than a slew: the open intervals say so."""
        for accumulator in self._accumulators.values():
            accumulator.mark(CLOCK_MOVED)
        self.time_known()

    def next_boundary_s(self) -> int | None:
        """When the open intervals end, UTC; None while the time is not known."""
        return self._next_s

    def close_due(self) -> None:
        """Close every interval whose end has come, with the readings just taken."""
        if self._next_s is None:
            return
        now_s = self._clock.unix_s()
        if now_s - self._next_s > _LATE_MAX * self._period_s:
            self._next_s = now_s // self._period_s * self._period_s
        while self._next_s <= now_s:
            self._close(self._next_s)
            self._next_s += self._period_s

    def _close(self, boundary_s: int) -> None:
        deltas = []
        qualities = []
        for name, _ in CHANNELS:
            delta, flags = self._accumulators[name].close(boundary_s)
            deltas.append(delta)
            qualities.append(flags)
        start_s = boundary_s - self._period_s
        packed = frame.pack(start_s, self._period_s, deltas, qualities, self._kept.boundary_s)
        if not self._append(*packed):
            for accumulator in self._accumulators.values():
                accumulator.reopen()
            return
        self._kept.close(boundary_s, deltas)
        self._saved()

    def _replay(self):
        """The registers after the newest record that tells them, or None in a fresh journal."""
        kept = None
        cursor = self._journal.newest_sector()
        while True:
            entry = cursor.next()
            if entry is None:
                return kept
            if entry.kind == record.SNAPSHOT:
                kept = registers.unpack(entry.payload)
            elif entry.kind == record.CHECKPOINT and kept:
                kept.advance(entry.payload)
            elif frame.is_frame(entry.kind) and kept:
                interval = frame.unpack(entry.kind, entry.payload, kept.boundary_s)
                kept.close(interval.start_s + interval.period_s, interval.deltas)

    def _append(self, kind: int, payload: bytes) -> bool:
        """Store a record. While the flash refuses, the registers go on in memory, and the next
        interval that can be stored tells everything since the last one that was."""
        try:
            self._journal.append(kind, payload)
        except JournalError as error:
            self._refused += 1
            self.trouble = str(error)
            return False
        if self._refused:
            refused, self._refused, self.trouble = self._refused, 0, None
            self.event(events.JOURNAL_RECOVERED, (refused,))
        self._recorded.set()
        return True

    def _saved(self) -> None:
        self._unsaved_pulses = 0
        self._saved_s = self._clock.uptime_s()

    def _now_s(self) -> int:
        """A time for readings: UTC, or uptime before it is known (which closes no interval)."""
        unix_s = self._clock.unix_s()
        return self._clock.uptime_s() if unix_s is None else unix_s


def _place(channel: str) -> int:
    for place, (name, _) in enumerate(CHANNELS):
        if name == channel:
            return place
    raise ValueError(channel)
