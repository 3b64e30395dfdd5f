"""The supply of a home at its meter's terminals: voltages, currents, powers, frequency.

Times are unix microseconds. Currents are in phase with voltages: power factor 1, nothing reactive.
"""

import math
import random

from host_sim.models.home import Home

# The phases that ten Wh in a row go through, and so the share of each in power and energy.
ONE_PHASE = (0,) * 10
THREE_PHASES = (0, 1, 0, 2, 0, 1, 0, 2, 0, 1)  # an unbalanced house, as they are


class Supply:
    """What the meter of `home` senses; `deal` is one of the two above."""

    def __init__(self, home: Home, deal: tuple[int, ...], rng: random.Random) -> None:
        self.phases = range(max(deal) + 1)
        self._home = home
        self._deal = deal
        self._angles = [rng.uniform(0, math.tau) for _ in self.phases]

    def power_w(self, t_us: int) -> int:
        """Net power of all phases, positive for import."""
        return self._home.power_w(t_us)

    def phase_power_w(self, phase: int, t_us: int) -> float:
        """Net power of one phase, positive for import."""
        return self.power_w(t_us) * self._deal.count(phase) / len(self._deal)

    def voltage_v(self, phase: int, t_us: int) -> float:
        """230 V that sags and rises over the day, each phase in its own time."""
        hours = t_us / 3_600_000_000
        slow = math.sin(math.tau * hours / 24 + self._angles[phase])
        quick = math.sin(math.tau * hours * 7 + 2 * self._angles[phase])
        return 230.0 + 2.5 * slow + 0.8 * quick

    def current_a(self, phase: int, t_us: int) -> float:
        """Current of one phase, without a sign."""
        return abs(self.phase_power_w(phase, t_us)) / self.voltage_v(phase, t_us)

    def frequency_hz(self, t_us: int) -> float:
        """50 Hz, a little off."""
        return 50.0 + 0.02 * math.sin(t_us / 97_000_000 + self._angles[0])

    def share_wh(self, total_wh: int, phase: int) -> int:
        """The part of a register that went through one phase; the parts add up to the register
        and none ever falls.
        """
        rounds, rest = divmod(total_wh, len(self._deal))
        return rounds * self._deal.count(phase) + self._deal[:rest].count(phase)
