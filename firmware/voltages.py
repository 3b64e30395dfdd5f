"""Watches the voltages that the meter shows, where `site.voltage_v` tells what they should be: a
sag, a swell and a phase that is gone are told as they are read, and what they were when over.
"""

from lib import events
from lib.voltage import GOOD, Phase


class Voltages:
    """Stands between the collector and the readings. read_s: as Readings has it."""

    def __init__(self, readings, nominal_v: int, clock, books, model):
        self._readings = readings
        self.read_s = readings.read_s
        self._clock = clock
        self._books = books
        self._phases = []  # (number, place among the values, Phase)
        for number in (1, 2, 3):
            place = model.index("voltage_l%d_dv" % number)
            if place is not None:
                self._phases.append((number, place, Phase(nominal_v)))

    def take(self, values: list) -> None:
        """The meter was read; `values` as Meter.poll() gives them."""
        self._readings.take(values)
        now_s = self._clock.uptime_s()
        for number, place, phase in self._phases:
            if values[place] is not None:
                over = phase.take(values[place], now_s)
                if over:
                    self._tell(number, phase, *over)

    def is_opening(self) -> bool:
        """As Readings has it."""
        return self._readings.is_opening()

    def _tell(self, number: int, phase, kind: int, since_s: int, worst_dv: int) -> None:
        """What is over, and what began."""
        if kind != GOOD:
            told = (number, kind, phase.since_s - since_s, worst_dv)
            self._books.event(events.VOLTAGE_OVER, told)
        if phase.kind != GOOD:
            self._books.event(events.VOLTAGE_OUT, (number, phase.kind, phase.worst_dv))
