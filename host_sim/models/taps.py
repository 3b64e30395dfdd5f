"""A home of nothing but given pulses, for whoever must know each of them."""

from bisect import bisect_right

from host_sim.models.home import HOUR_US, PULSE_WEIGHT, SECOND_US

START_S = 1_717_200_000
START_US = START_S * SECOND_US


class Taps:
    """`times_us` count from START_US; the same on every channel."""

    name = "taps"
    start_s = START_S

    def __init__(self, times_us: list[int]) -> None:
        self.times_us = sorted(START_US + at_us for at_us in times_us)

    def energy_wh(self, channel: str, t_us: int) -> int:
        """Nothing uses electricity."""
        return 0

    def power_w(self, t_us: int) -> int:
        """Nothing uses electricity."""
        return 0

    def pulses(self, channel: str, from_us: int, to_us: int) -> list[int]:
        """See `Home`."""
        first, last = bisect_right(self.times_us, from_us), bisect_right(self.times_us, to_us)
        return self.times_us[first:last]

    def hourly(self, channel: str, hour_s: int) -> int:
        """See `Home`."""
        hour_us = hour_s * SECOND_US
        return len(self.pulses(channel, hour_us, hour_us + HOUR_US)) * PULSE_WEIGHT[channel]
