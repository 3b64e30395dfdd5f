"""Compares what the head-end has booked with what the meters of the world really showed.

Independent of the firmware: the truth is asked of the models, for the moments at which the
firmware should have looked. A reading is right if the meter showed that value within
`LOOKED_WITHIN_S` after the boundary (the time server is good for a second, the wire for half of
one, and a repeated poll for two more). A pulse that comes while the collector is without power is
nothing that anybody measured.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from host_sim.models.home import PULSE_WEIGHT, Home
from host_sim.simulation import Simulation
from tools.headend.ledger import Ledger

LOOKED_WITHIN_S = 5
OPENED_WITHIN_S = 60
SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US
PERIOD_S = 3600
CONTACT_US = 40_000  # a pulse is counted when its contact has been closed for so long
BOOT_US = 2 * SECOND_US  # from power until pulses are counted

Register = Callable[[int], int]  # unix microseconds -> what the meter shows


@dataclass(frozen=True)
class Audit:
    """The result for one collector."""

    expected: int
    kept: int
    residual: int
    lost: int
    doubled: int
    remarks: tuple[str, ...]

    @property
    def closes(self) -> bool:
        """Everything there, once, and adding up to what the meters showed."""
        return self.kept == self.expected and not (
            self.residual or self.lost or self.doubled or self.remarks
        )

    def __str__(self) -> str:
        return (
            f"kept {self.kept}/{self.expected} intervals, residual {self.residual},"
            f" lost {self.lost}, doubled {self.doubled}"
        )


def true_registers(simulation: Simulation) -> dict[str, Register]:
    """The registers of the world's meters by channel, as their displays would show them: in
    whole steps of the meter, and without a channel that the meter does not have.
    """
    meter = simulation.meter
    registers: dict[str, Register] = {"electricity_delivered": meter.import_wh}
    if meter.export_wh(simulation.world.unix_us) is not None:
        registers["electricity_received"] = lambda t_us: meter.export_wh(t_us) or 0
    for channel in simulation.contacts:
        registers[channel] = PulseTotal(simulation.scenario.home, channel)
    return registers


class PulseTotal:
    """The register of a pulse meter. It remembers the total at the end of each day: any moment of
    a year costs the counting of one day, in whatever order it is asked.
    """

    def __init__(self, home: Home, channel: str) -> None:
        self._home = home
        self._channel = channel
        self._start_us = home.start_s * SECOND_US
        self._totals = [0]  # after so many days

    def __call__(self, t_us: int) -> int:
        """Units that have flowed until `t_us`."""
        days = max(0, t_us - self._start_us) // DAY_US
        while len(self._totals) <= days:
            begun_us = self._start_us + (len(self._totals) - 1) * DAY_US
            self._totals.append(self._totals[-1] + self._between(begun_us, begun_us + DAY_US))
        return self._totals[days] + self._between(self._start_us + days * DAY_US, t_us)

    def _between(self, from_us: int, to_us: int) -> int:
        pulses = self._home.pulses(self._channel, from_us, to_us)
        return len(pulses) * PULSE_WEIGHT[self._channel]


def audit(simulation: Simulation, ledger: Ledger, collector: str) -> Audit:
    """Close the books of `collector` against the world."""
    scenario = simulation.scenario
    start_s = scenario.home.start_s
    end_s = start_s + scenario.hours * PERIOD_S
    books = ledger.books(collector)
    registers = true_registers(simulation)
    expected = len(registers) * scenario.hours
    kept, residual, remarks = 0, 0, []
    for channel, register in registers.items():
        dark = _Dark(simulation, register) if channel in simulation.contacts else None
        book = books.channels.get(channel)
        if book is None or book.first_open is None:
            remarks.append(f"{channel}: nothing received")
            continue
        series = ledger.interval_series(collector, channel)
        inside = [row for row in series if start_s <= row[0] < end_s and row[1] is not None]
        kept += len({row[0] for row in inside})
        residual += abs(book.residual) + _off_the_dial(
            register, book.first_open, start_s, OPENED_WITHIN_S, dark
        )
        level = book.first_open
        for interval_start_s, delta, _ in series:
            level += delta or 0
            end_of_it_s = interval_start_s + PERIOD_S
            off = _off_the_dial(register, level, end_of_it_s, LOOKED_WITHIN_S, dark)
            if off and delta is not None:
                residual += off
                remarks.append(f"{channel}: {off} off the dial at {end_of_it_s}")
        remarks += [
            f"{channel}: registers do not meet at seq {each.seq_after}" for each in book.breaks
        ]
    remarks += [
        f"{channel}: booked, but no meter shows it"
        for channel in sorted(books.channels.keys() - registers.keys())
    ]
    if books.conflicts or books.refused:
        remarks.append(f"{books.conflicts} conflicts, {books.refused} messages refused")
    return Audit(expected, kept, residual, books.lost, books.doubled, tuple(remarks))


class _Dark:
    """What a pulse meter went on by while the collector had no power."""

    def __init__(self, simulation: Simulation, register: Register) -> None:
        self._register = register
        self._hold_up_us = simulation.scenario.hold_up_us
        start_us = simulation.scenario.home.start_s * SECOND_US
        lives = simulation.collector.lives
        self._times = [
            (start_us + before.ended_us, start_us + after.began_us)
            for before, after in pairwise(lives)
            if before.ending == "power lost"
        ]

    def least(self, t_us: int) -> int:
        """Until `t_us`, and no pulse of which it can be doubted."""
        return self._gone(t_us, 0, 0)

    def most(self, t_us: int) -> int:
        """With those that came between the saving of the registers and the end of the capacitor,
        or while the collector started.
        """
        return self._gone(t_us, self._hold_up_us + CONTACT_US, BOOT_US)

    def _gone(self, t_us: int, before_us: int, after_us: int) -> int:
        return sum(
            self._register(min(t_us, to_us + after_us)) - self._register(from_us - before_us)
            for from_us, to_us in self._times
            if from_us - before_us < t_us
        )


def _off_the_dial(
    register: Register, level: int, from_s: int, within_s: int, dark: _Dark | None
) -> int:
    """How far `level` is from anything the meter showed in the `within_s` after `from_s`."""
    from_us, to_us = from_s * SECOND_US, (from_s + within_s) * SECOND_US
    lowest = register(from_us) - (dark.most(from_us) if dark else 0)
    highest = register(to_us) - (dark.least(to_us) if dark else 0)
    return max(0, lowest - level, level - highest)
