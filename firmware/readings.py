"""What the electricity meter shows, on its way to the books: only what can be believed gets there.

What is held is told once, when it begins, and once when it ends (lib/trust.py has the rules).
"""

from books import CHANNELS
from lib import events, trust
from lib.quality import CONFIG_CHANGED

ELECTRICITY = ("electricity_delivered", "electricity_received")


class Readings:
    """The registers of one meter. Make it when the books are restored: it continues them.

    A meter that was replaced is made known by the configuration: closing register of the old one,
    opening register of the new one, and its serial number where the profile can read it.

    read_s: per channel the uptime of the last reading that was believed; None: none in this boot.
    """

    def __init__(self, config, clock, books, model):
        self._clock = clock
        self._books = books
        self._serial = config["meter.serial"]
        self._serial_place = model.index("serial_number")
        self._is_foreign = False
        rating_w = config["meter.rating_w"] or model.rating_w
        self._registers = []  # (channel, place among the values, Trust)
        self.read_s = [None] * len(CHANNELS)
        for channel, name in enumerate(ELECTRICITY):
            place = model.index(name)
            if place is not None:
                offset = config[name + ".closing"] - config[name + ".opening"]
                judge = trust.Trust(rating_w, offset, model.modulus(place))
                self._registers.append((channel, place, judge))
                self._follow(channel, offset)

    def take(self, values: list) -> None:
        """The meter was read; `values` as Meter.poll() gives them."""
        if not self._is_ours(values):
            return
        for channel, place, judge in self._registers:
            if values[place] is not None:
                self._judge(channel, judge, values[place])

    def is_opening(self) -> bool:
        """Whether a register has shown itself, but is not believed for the first time yet."""
        for channel, _, judge in self._registers:
            if judge.shown is not None and self._books.register(channel) is None:
                return True
        return False

    def _follow(self, channel: int, offset: int) -> None:
        """The configuration may know of another meter than the books."""
        books = self._books
        before, books.carries[channel] = books.carries[channel], offset
        if offset != before and books.register(channel) is not None:
            books.mark(channel, CONFIG_CHANGED)
            books.event(events.METER_CHANGED, (channel, offset, before))
            books.checkpoint()

    def _is_ours(self, values: list) -> bool:
        """Whether it is the meter that the configuration names, where both can tell."""
        found = None if self._serial_place is None else values[self._serial_place]
        is_foreign = bool(self._serial and found is not None and found != self._serial)
        if is_foreign != self._is_foreign:
            self._is_foreign = is_foreign
            if is_foreign:
                held = (0, found, trust.FOREIGN, self._serial)
                self._books.event(events.READING_HELD, held)
            else:
                self._books.event(events.READING_TRUSTED, (0, found, 0))
        return not is_foreign

    def _judge(self, channel: int, judge, reading: int) -> None:
        uptime_s = self._clock.uptime_s()
        read_s = self.read_s[channel]
        age_s = self._books.age_s(channel) if read_s is None else uptime_s - read_s
        was_held = judge.why
        before = self._books.register(channel)
        register = judge.judge(before, reading, uptime_s, age_s)
        if register is not None:
            self.read_s[channel] = uptime_s
            self._books.take(channel, register)
            if was_held:
                self._books.event(events.READING_TRUSTED, (channel, reading, judge.refused))
        elif judge.why and not was_held:
            self._books.event(events.READING_HELD, (channel, reading, judge.why, before))
