"""Counts the pulse inputs into the books, often enough that a sudden death loses no more than was
promised: `checkpoint_pulses` of a channel.

The promise rests on the highest rate a meter can have: that sets how soon the next look must be,
and what is more than that is no consumption but a fault on the line; it is held and told.
"""

import asyncio

from micropython import const

from books import CHANNELS
from lib import events
from lib.interval import PulseRegister
from lib.quality import OVERFLOW, PARTIAL

HEARTBEAT = "pulses"
HEARTBEAT_S = const(900)
PULSE_CHANNELS = ("water", "gas")
# name resolution or a sector's erasure may keep every task from running for so long
_STALL_S = const(2)
_LOOK_MAX_S = const(300)


class _Count:
    """One input and what was made of it so far. room: pulses that the meter may give now, in
    sixtieths; held: those it gave beyond, in one go; told_back: pulses backward in the last event;
    doubt: not all may have been counted, since that was asked last.
    """

    def __init__(self, place: int, source, register: PulseRegister, most_per_min: int):
        self.place = place
        self.source = source
        self.register = register
        self.most_per_min = most_per_min
        self.seen = 0
        self.unsaved = 0
        self.room = 0
        self.held = 0
        self.told_back = 0
        self.fault = 0
        self.doubt = False

    def refill(self, elapsed_s: int) -> bool:
        """Let room grow with time, over that for a stall; whether it had been all there."""
        most = self.most_per_min * _STALL_S + 60
        was_full = self.room >= most
        self.room = min(self.room, most) + self.most_per_min * elapsed_s
        return was_full


class Pulses:
    """All pulse inputs, one of `counts` each. Make it when the books are restored: it continues
    them. leaks: who looks for leaks in them (leaks/), or None.
    """

    def __init__(self, config, clock, books, inputs: dict, health):
        from inputs import pulse_register

        self._bound = config["checkpoint_pulses"]
        self._save_s = config["checkpoint_s"]
        self._clock = clock
        self._books = books
        self._health = health
        self._saves = 0
        self.leaks = self.valve = None
        self._looked_s = clock.uptime_s()
        self.counts = []
        for place, (name, _) in enumerate(CHANNELS):
            if name in PULSE_CHANNELS:
                register = pulse_register(config, books, place, name)
                if name in inputs:
                    most_per_min = config[name + ".most_per_min"]
                    self.counts.append(_Count(place, inputs[name], register, most_per_min))

    async def run(self) -> None:
        """Count for ever."""
        self._health.expect(HEARTBEAT, HEARTBEAT_S)
        while True:
            self.look()
            if self.leaks:
                self.leaks.look()
            self._health.beat(HEARTBEAT)
            await asyncio.sleep_ms(self._rest_s() * 1000)

    def look(self) -> None:
        """Take what has come since the last look; save it when the promise wants it."""
        books = self._books
        now_s = self._clock.uptime_s()
        elapsed_s, self._looked_s = now_s - self._looked_s, now_s
        if self._saves != books.saves:
            self._saves = books.saves
            for count in self.counts:
                count.unsaved = 0
        is_due = False
        for count in self.counts:
            self._take(count, elapsed_s)
            self._supervise(count)
            is_due = is_due or 2 * count.unsaved >= self._bound
            is_due = is_due or count.unsaved and now_s - books.saved_s >= self._save_s
        if is_due:
            books.checkpoint()

    def save(self) -> None:
        """Have all in flash that was counted by now."""
        self.look()
        if self._saves == self._books.saves and any(c.unsaved for c in self.counts):
            self._books.checkpoint()

    def figures(self) -> tuple:
        """(name, integer) pairs for the status message."""
        return tuple(
            [("%s_bounces" % CHANNELS[c.place][0], c.source.bounces()) for c in self.counts]
        )

    def _take(self, count: _Count, elapsed_s: int) -> None:
        seen = count.source.pulses()
        new, count.seen = seen - count.seen, seen
        was_full = count.refill(elapsed_s)
        most = count.room // 60
        excess = abs(new) - most
        if excess > 0:
            if not count.held:
                self._books.event(events.PULSES_HELD, (count.place, excess, elapsed_s))
            count.held += excess
            self._books.mark(count.place, OVERFLOW)
            count.doubt = True
            new = max(-most, min(new, most))
        elif count.held and was_full:
            self._books.event(events.PULSES_TRUSTED, (count.place, count.held))
            count.held = 0
        count.room -= 60 * abs(new)
        register = count.register.add(new)
        self._books.carries[count.place] = count.register.carry
        self._books.take(count.place, register)
        count.unsaved += abs(new)
        self._tell_backward(count)

    def _tell_backward(self, count: _Count) -> None:
        """Tell of water or gas that ran backward, each time it has become twice as much."""
        back = count.register.backward()
        if back and back >= 2 * count.told_back:
            count.told_back = back
            self._books.event(events.BACKFLOW, (count.place, back))

    def _supervise(self, count: _Count) -> None:
        """A wire that is cut or shorted counts nothing: what is booked meanwhile is not all."""
        fault = count.source.fault()
        if fault or count.fault:
            self._books.mark(count.place, PARTIAL)
            count.doubt = True
        if fault != count.fault:
            count.fault = fault
            if fault:
                self._books.event(events.INPUT_FAULT, (count.place, fault))
            else:
                self._books.event(events.INPUT_GOOD, (count.place,))

    def _rest_s(self) -> int:
        """How long nobody needs to look: until the promise could be broken at the highest rate."""
        rest_s = _LOOK_MAX_S
        if self.leaks:
            rest_s -= self._clock.now_s() % _LOOK_MAX_S  # no quarter-hour ends late
        for count in self.counts:
            left = self._bound - count.unsaved - 1
            rest_s = min(rest_s, left * 60 // count.most_per_min - _STALL_S)
        return max(1, rest_s)
