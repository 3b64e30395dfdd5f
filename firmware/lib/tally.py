"""What every channel counted in each period of the tariff: a fold over the journal's records, the
same one when they are written and when a boot reads them again.

A period begins with a record of its own, and all that is counted behind it is its own; but for
what began before it. What belongs to no period for certain is *apart*: the channel's register less
all periods. So together they are always exactly the register, and nothing is guessed.
"""

PERIODS_MAX = 8
NONE = -1  # no period, or none for certain


class Tally:
    """Channels are told by their place.

    totals: per channel what came in each period. reached_s: per channel the end of the last
    interval with a value; 0: there was none, or its time is not known.
    now: the period; when it began (0: not known); the version of the tariff; whether the period
    only goes on because the time or the tariff is not known.
    """

    def __init__(self, channels: int):
        self.totals = [[0] * PERIODS_MAX for _ in range(channels)]
        self.reached_s = [0] * channels
        self.now = (NONE, 0, 0, None)

    def count(self, end_s: int, deltas: list) -> None:
        """An interval that ends then was closed; 0: its time is not known."""
        period, since_s, _, assumed = self.now
        for place, delta in enumerate(deltas):
            if delta is not None:
                if period != NONE and (assumed or self.reached_s[place] >= since_s):
                    self.totals[place][period] += delta
                self.reached_s[place] = end_s

    def apart(self, place: int, register: int) -> int:
        """What of a channel's register belongs to no period for certain."""
        return register - sum(self.totals[place])
