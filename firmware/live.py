"""What the meters show now, for whoever looks on: told beside the journal, and never stored.

Loaded only where it is configured.
"""

from micropython import const

from books import CHANNELS

_ROUND_S = const(10)  # a meter that was read so shortly before has been read in this round


class Live:
    """The newest round of readings: one that could not be told gives way to the next.

    A register is told while it is what the meter shows: not that of a meter that is silent, or
    held (readings.py), nor that of an input whose wire is cut. `say` is one of the uplink's
    speakers.
    """

    def __init__(self, period_s, topic, clock, books, meter, read_s, pulses, uplink):
        """period_s: one round is told in each. read_s: as Readings has it. meter: None where there
        is none.
        """
        self._period_s = period_s
        self._topic = topic
        self._clock = clock
        self._books = books
        self._meter = meter
        self._power_place = meter and meter.index("power_w")
        self._read_s = read_s
        self._pulses = pulses
        self._uplink = uplink
        self._is_due = False
        self._period = -1  # number of the one that was told
        self._unix_s = self._power_w = None
        self._registers = [None] * len(CHANNELS)

    def take(self) -> None:
        """A round of readings is over."""
        # Not by the time since the last: a round that comes a second early is not left out.
        period = self._clock.now_s() // self._period_s
        if period == self._period and not self._is_due:
            return
        self._period, self._is_due = period, True
        self._unix_s = self._clock.unix_s()
        self._power_w = None
        uptime_s = self._clock.uptime_s()
        for place, read_s in enumerate(self._read_s):
            is_shown = read_s is not None and uptime_s - read_s <= _ROUND_S
            self._show(place, is_shown)
            if is_shown and self._power_place is not None:
                self._power_w = self._meter.values[self._power_place]
        for count in self._pulses.counts:
            self._show(count.place, not count.fault)
        self._uplink.wake()

    def say(self, out) -> tuple | None:
        """Write the round, if there is a new one; its topic, QoS, and that it is not retained."""
        if not self._is_due:
            return None
        self._is_due = False
        out.put('{"v":1,"boot":%d,"time":' % self._clock.boot)
        out.number(self._unix_s)
        out.put(',"registers":')
        separator = "{"
        for place, register in enumerate(self._registers):
            if register is not None:
                out.put(separator)
                out.pair(CHANNELS[place][0], register)
                separator = ","
        out.put("{}" if separator == "{" else "}")
        if self._power_w is not None:
            out.put(",")
            out.pair("power_w", self._power_w)
        out.put("}")
        out.text()
        return self._topic, 0, False

    def _show(self, place: int, is_shown: bool) -> None:
        self._registers[place] = self._books.register(place) if is_shown else None
