"""The highest demand of the billing month, in both directions: the average power of a
quarter-hour, as commercial rates have it. A fold over the intervals, which must be of that length.
"""

from lib.quality import CLOCK_MOVED, CLOCK_UNTRUSTED, ESTIMATED, MISSING

PERIOD_S = 900
_UNSURE = CLOCK_MOVED | CLOCK_UNTRUSTED | ESTIMATED | MISSING


class Demand:
    """The first two channels are energy delivered and received, in Wh.

    told: the month (when it began; 0: none yet), then W and the quarter-hour's start of the
    highest delivered, and of the highest received; and how many quarter-hours had no sure value,
    those included in which nothing was stored.
    """

    def __init__(self):
        self.begin(0)
        self._start_s = self._end_s = 0
        self._energy_wh = [0, 0]

    def begin(self, month_s: int) -> None:
        """A billing month begins."""
        self.told = [month_s, 0, 0, 0, 0, 0]

    def count(self, interval, registers: list) -> None:
        """A lib.frame.Interval; a cut of the supply may have made several of one quarter-hour.
        registers: None for what was never read, and is not missed.
        """
        start_s, told = interval.start_s, self.told
        if interval.since_boot:
            return
        if start_s != self._start_s:
            self._start_s = start_s
            self._energy_wh = [0, 0]
            if self._end_s:
                told[5] += max(0, start_s - max(self._end_s, told[0])) // PERIOD_S
        self._end_s = start_s + PERIOD_S
        is_sure = True
        for place, energy_wh in enumerate(self._energy_wh):
            if interval.qualities[place] & _UNSURE:
                is_sure = is_sure and registers[place] is None
                continue
            energy_wh += interval.deltas[place]
            self._energy_wh[place] = energy_wh
            power_w = energy_wh * (3600 // PERIOD_S)
            if power_w > told[1 + 2 * place]:
                told[1 + 2 * place], told[2 + 2 * place] = power_w, start_s
        told[5] += not is_sure
