"""Meters that show what they cannot have metered: held and told, never booked. When the truth is
back, the books close on it.
"""

from collections.abc import Callable

import pytest

from host_sim.models.home import SECOND_US, Home
from host_sim.models.meters import METERS, Meter
from host_sim.models.meters.eastron import SDM630_TABLE
from host_sim.models.meters.peacefair import PZEM016_TABLE
from host_sim.models.meters.table import TableMeter
from host_sim.scenario import HOUR_US, Fault
from host_sim.simulation import Simulation
from tests.sim.bench import COLLECTOR, START_S, audited, event_types, ledger_of, scenario
from tools.identity import identity_image

MINUTE_US = 60 * SECOND_US
START_US = START_S * SECOND_US
PARTIAL, ESTIMATED, CONFIG_CHANGED = 1, 16, 64
DELIVERED, RECEIVED = "electricity_delivered", "electricity_received"
FELL, JUMPED = 1, 2

Shows = Callable[[int], Meter]


class Dial:
    """A meter at the wire that is now this one, now that one; `import_wh` and `export_wh` are what
    a truthful one would show.
    """

    def __init__(self, shows: Shows, truth: Meter) -> None:
        self.import_wh, self.export_wh = truth.import_wh, truth.export_wh
        self._shows = shows

    def __call__(self, function: int, address: int, count: int, t_us: int) -> list[int] | None:
        return self._shows(t_us)(function, address, count, t_us)


class Zero:
    """A meter that is still booting."""

    def __call__(self, function: int, address: int, count: int, t_us: int) -> list[int]:
        return [0] * count

    def import_wh(self, t_us: int) -> int:
        return 0

    def export_wh(self, t_us: int) -> int:
        return 0


class Successor:
    """What the register shows when one meter took the other's place at `at_us`: no step."""

    def __init__(self, old: Meter, new: Meter, at_us: int) -> None:
        self.closing_wh = (old.import_wh(at_us), old.export_wh(at_us) or 0)
        self.opening_wh = (new.import_wh(at_us), new.export_wh(at_us) or 0)
        self._old, self._new, self._at_us = old, new, at_us

    def __call__(self, function: int, address: int, count: int, t_us: int) -> list[int] | None:
        raise AssertionError("only a truth to compare with")

    def import_wh(self, t_us: int) -> int:
        if t_us < self._at_us:
            return self._old.import_wh(t_us)
        return self.closing_wh[0] + self._new.import_wh(t_us) - self.opening_wh[0]

    def export_wh(self, t_us: int) -> int:
        if t_us < self._at_us:
            return self._old.export_wh(t_us) or 0
        return self.closing_wh[1] + (self._new.export_wh(t_us) or 0) - self.opening_wh[1]

    def settings(self) -> dict[str, int]:
        """What the technician types."""
        return {
            f"{channel}.{word}": value
            for word, values in (("closing", self.closing_wh), ("opening", self.opening_wh))
            for channel, value in zip((DELIVERED, RECEIVED), values, strict=True)
        }


@pytest.fixture
def hang(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Hang another meter on the line, made by a function of (home, seed)."""

    def hang(make: Callable[[Home, int], Meter], name: str = "sdm630") -> None:
        monkeypatch.setitem(METERS, name, METERS[name]._replace(make=make))

    return hang


def sdm630(home: Home, seed: int) -> TableMeter:
    return TableMeter(SDM630_TABLE, home, seed)


def held(simulation: Simulation) -> list[tuple[str, int]]:
    """(channel, why) of each stretch of held readings."""
    return [
        (str(event.detail["channel"]), event.detail["why"])
        for event in ledger_of(simulation).events(COLLECTOR)
        if event.type == "reading_held"
    ]


def off_the_dial(simulation: Simulation) -> list[str]:
    """What the audit has against electricity; water and gas are not counted without power."""
    return [remark for remark in audited(simulation).remarks if remark.startswith("elec")]


def within(from_us: int, to_us: int, liar: Callable[[Home, int], Meter]) -> Callable[..., Dial]:
    """An SDM630 that is another meter from `from_us` to `to_us` of the run."""

    def make(home: Home, seed: int) -> Dial:
        honest, lie = sdm630(home, seed), liar(home, seed)
        return Dial(
            lambda t_us: lie if from_us <= t_us - START_US < to_us else honest, truth=honest
        )

    return make


@pytest.mark.long_on_micropython
def test_a_meter_that_shows_zero_while_it_boots(vm: str, hang: Callable[..., None]) -> None:
    # The power comes back for both at once; the meter shows zero for three minutes more, over the
    # turn of an hour.
    off_us, off_for_us = 7 * HOUR_US + 57 * MINUTE_US, MINUTE_US
    on_us = off_us + off_for_us
    hang(within(on_us, on_us + 3 * MINUTE_US, lambda home, seed: Zero()))
    simulation = Simulation(scenario(faults=(Fault(off_us, "power", off_for_us),)), vm)
    simulation.run()
    assert off_the_dial(simulation) == []
    assert held(simulation) == [("0", FELL), ("1", FELL)]
    assert event_types(simulation).count("reading_trusted") == 2
    series = ledger_of(simulation).interval_series(COLLECTOR, DELIVERED)
    assert [start_s for start_s, delta, _ in series if delta is None] == [START_S + 7 * 3600]
    assert series[8][2] == PARTIAL | ESTIMATED


@pytest.mark.long_on_micropython
def test_a_value_out_of_thin_air(vm: str, hang: Callable[..., None]) -> None:
    # 500 kWh too much for forty minutes: the rating allows 86 kWh in an hour.
    def too_much(home: Home, seed: int) -> Meter:
        honest = sdm630(home, seed)
        opening_wh = honest.import_wh(START_US) + 500_000
        return TableMeter(SDM630_TABLE, home, seed, opening_wh, honest.export_wh(START_US))

    hang(within(5 * HOUR_US + 5 * MINUTE_US, 5 * HOUR_US + 45 * MINUTE_US, too_much))
    simulation = Simulation(scenario(), vm)
    simulation.run()
    assert audited(simulation).closes, audited(simulation).remarks
    assert held(simulation) == [("0", JUMPED)]
    assert event_types(simulation).count("reading_trusted") == 1


@pytest.mark.long_on_micropython
def test_a_register_that_starts_again_at_its_width(vm: str, hang: Callable[..., None]) -> None:
    opening_wh = (1 << 32) - 2000

    def nearly_full(home: Home, seed: int) -> Meter:
        return TableMeter(PZEM016_TABLE, home, seed, opening_wh)

    hang(nearly_full, "pzem016")
    simulation = Simulation(scenario(meter="pzem016"), vm)
    simulation.run()
    home, end_us = simulation.scenario.home, START_US + 24 * HOUR_US
    flown_wh = home.energy_wh(DELIVERED, end_us) + home.energy_wh(RECEIVED, end_us)
    assert flown_wh > 2000
    book = ledger_of(simulation).books(COLLECTOR).channels[DELIVERED]
    assert book.first_open is not None and book.last_close is not None
    assert 0 <= book.first_open - opening_wh < 10  # within two polls
    assert abs(book.last_close - opening_wh - flown_wh) <= 1
    assert held(simulation) == []


def swapped_at_noon(
    vm: str, hang: Callable[..., None], told_us: int, off_us: tuple[int, ...]
) -> Simulation:
    """A day in which another meter hangs there from noon on, and the configuration says so from
    `told_us` on; the collector is off for ten minutes at each of `off_us`.
    """
    noon_us = 12 * HOUR_US
    truth: list[Successor] = []

    def make(home: Home, seed: int) -> Dial:
        old, new = sdm630(home, seed), sdm630(home, seed + 1)
        truth.append(Successor(old, new, START_US + noon_us))
        return Dial(lambda t_us: old if t_us - START_US < noon_us else new, truth[0])

    hang(make)
    faults = tuple(Fault(at_us, "power", 10 * MINUTE_US) for at_us in off_us)
    simulation = Simulation(scenario(faults=faults), vm)

    def tell() -> None:
        settings = truth[0].settings()
        text = scenario(settings=settings).config_text("broker", 1883)
        simulation.flash.chip("identity").store(identity_image(text))

    simulation.world.at(told_us, tell)
    simulation.run()
    return simulation


@pytest.mark.long_on_micropython
def test_a_swapped_meter_makes_no_step(vm: str, hang: Callable[..., None]) -> None:
    off_us = 12 * HOUR_US - 5 * MINUTE_US
    simulation = swapped_at_noon(vm, hang, off_us + 6 * MINUTE_US, (off_us,))
    assert off_the_dial(simulation) == []
    assert held(simulation) == []
    assert event_types(simulation).count("meter_changed") == 2
    for channel in (DELIVERED, RECEIVED):
        series = ledger_of(simulation).interval_series(COLLECTOR, channel)
        changed = [start_s for start_s, _, quality in series if quality & CONFIG_CHANGED]
        assert changed[-1] == START_S + 12 * 3600 and len(changed) <= 2


@pytest.mark.long_on_micropython
def test_a_swap_that_nobody_told_of_is_held_until_somebody_does(
    vm: str, hang: Callable[..., None]
) -> None:
    # For four hours nothing is booked, over a boot too; then the technician types both registers,
    # and all that was metered meanwhile is there.
    offs_us = (12 * HOUR_US - 5 * MINUTE_US, 14 * HOUR_US + 5 * MINUTE_US, 16 * HOUR_US)
    simulation = swapped_at_noon(vm, hang, 16 * HOUR_US + 5 * MINUTE_US, offs_us)
    assert off_the_dial(simulation) == []
    assert {channel for channel, _ in held(simulation)} == {"0", "1"}
    assert event_types(simulation).count("meter_changed") == 2
    told = {
        (start_s - START_S) // 3600: quality
        for start_s, delta, quality in ledger_of(simulation).interval_series(COLLECTOR, DELIVERED)
        if delta is not None
    }
    assert sorted(told) == [*range(11), *range(16, 24)]
    assert told[16] & (ESTIMATED | CONFIG_CHANGED) == ESTIMATED | CONFIG_CHANGED
