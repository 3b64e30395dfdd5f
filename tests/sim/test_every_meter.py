"""The whole firmware with each meter there is a profile for: what the head-end books is what the
meter had on its display when it was asked, to the unit.
"""

import io
from functools import partial

import pytest
from rich.console import Console

from host_sim.display import print_week
from host_sim.models.home import SECOND_US, Home
from host_sim.models.house import House
from host_sim.models.meters import METERS, Meter
from host_sim.models.meters.peacefair import PZEM016_TABLE
from host_sim.models.meters.table import TableMeter
from host_sim.scenario import Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import COLLECTOR, START_S, audited, event_types, ledger_of
from tests.vm import FIRMWARE

pytestmark = pytest.mark.long_twin

MORNING_S = START_S + 10 * 3600  # the roof gives back around noon
HOURS = 4
LOOKED_WITHIN_S = 5
ENERGY_ADDRESS = {"iem3155": 3203, "pzem016": 5, "we514": 0xA000}  # 72 on every SDM
CHANNELS = ("electricity_delivered", "electricity_received")

Display = dict[str, int | None]


class Watched:
    """A meter that remembers what its energy registers showed whenever they were read."""

    def __init__(self, meter: Meter, energy_address: int) -> None:
        self.import_wh, self.export_wh = meter.import_wh, meter.export_wh
        self.shown: list[tuple[int, Display]] = []
        self._meter = meter
        self._energy_address = energy_address

    def __call__(self, function: int, address: int, count: int, t_us: int) -> list[int] | None:
        if self._energy_address in range(address, address + count):
            display = (self.import_wh(t_us), self.export_wh(t_us))
            self.shown.append((t_us, dict(zip(CHANNELS, display, strict=True))))
        return self._meter(function, address, count, t_us)

    def at(self, boundary_s: int) -> Display:
        """What the firmware was told for the boundary."""
        told = [
            display
            for t_us, display in self.shown
            if 0 <= t_us - boundary_s * SECOND_US < LOOKED_WITHIN_S * SECOND_US
        ]
        assert len(told) == 1
        return told[0]


def watch(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model = METERS[name]

    def make(home: Home, seed: int) -> Meter:
        return Watched(model.make(home, seed), ENERGY_ADDRESS.get(name, 72))

    monkeypatch.setitem(METERS, name, model._replace(make=make))


def lived(vm: str, name: str) -> Simulation:
    simulation = Simulation(Scenario(House(1, MORNING_S), 1, HOURS, meter=name), vm)
    simulation.run()
    return simulation


def test_there_is_a_meter_for_every_profile() -> None:
    assert set(METERS) == {path.stem for path in FIRMWARE.glob("profiles/*.txt")}


@pytest.mark.parametrize("name", METERS)
@pytest.mark.long_on_micropython(name="sdm120")
@pytest.mark.long_on_micropython(name="sdm230")
@pytest.mark.long_on_micropython(name="sdm72d_m_v2")
@pytest.mark.long_on_micropython(name="iem3155")
def test_what_is_booked_is_what_the_meter_showed(
    vm: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch(name, monkeypatch)
    simulation = lived(vm, name)
    meter = simulation.meter
    assert isinstance(meter, Watched)
    books = ledger_of(simulation).books(COLLECTOR)
    opened_us, level = meter.shown[0]
    assert opened_us < (MORNING_S + 60) * SECOND_US
    for channel in CHANNELS:
        opening_wh = level[channel]
        if opening_wh is None:  # no such register: nothing is booked, not even a zero
            assert channel not in books.channels
            continue
        assert books.channels[channel].first_open == opening_wh
        series = ledger_of(simulation).interval_series(COLLECTOR, channel)
        assert [start_s for start_s, _, _ in series] == [
            MORNING_S + 3600 * hour for hour in range(HOURS)
        ]
        before_wh = opening_wh
        for start_s, delta_wh, _ in series:
            shown_wh = meter.at(start_s + 3600)[channel]
            assert delta_wh is not None and shown_wh is not None
            assert before_wh + delta_wh == shown_wh
            before_wh = shown_wh
        assert books.channels[channel].last_close == before_wh
        assert before_wh > opening_wh
    assert audited(simulation).closes, audited(simulation).remarks
    assert event_types(simulation) == ["power_up", "clock_set"]
    assert simulation.bus.gap_violations == 0
    assert [life.ending for life in simulation.collector.lives] == ["end of run"]


def test_words_in_the_wrong_order_are_caught(vm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # A PZEM-016 that wrote the high word first seems to rise by 65 536 Wh at a time: held and
    # told.
    high_first = partial(TableMeter, PZEM016_TABLE._replace(low_first=False))
    monkeypatch.setitem(METERS, "pzem016", METERS["pzem016"]._replace(make=high_first))
    simulation = lived(vm, "pzem016")
    assert not audited(simulation).closes
    assert "reading_held" in event_types(simulation)


def test_received_energy_that_no_meter_shows_is_a_remark(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The audit asks the meter which channels there are, and believes no other.
    watch("sdm630", monkeypatch)
    simulation = lived("cpython", "sdm630")
    assert isinstance(simulation.meter, Watched)
    simulation.meter.export_wh = lambda t_us: None
    remarks = audited(simulation).remarks
    assert remarks == ("electricity_received: booked, but no meter shows it",)


def test_settings_of_the_scenario_win() -> None:
    # Whoever names a profile gets that one, whatever hangs on the line.
    def text(meter: str, **settings: str) -> bytes:
        scenario = Scenario(House(1, START_S), 1, 1, meter=meter, settings=settings)
        return scenario.config_text("broker", 1883)

    assert b'"meter.profile": "we514"' in text("we514")
    assert b'"meter.profile": "sdm120"' in text("we514", **{"meter.profile": "sdm120"})
    assert b"meter.profile" not in text("sdm630")


def test_the_week_has_no_column_for_what_the_meter_lacks() -> None:
    # Not measured is absent, not zero: on the screen too.
    shown = []
    for name in ("sdm120", "pzem016"):
        page = io.StringIO()
        print_week(Console(file=page, width=120), ledger_of(lived("cpython", name)), COLLECTOR)
        shown.append("Electricity received" in page.getvalue())
        assert "Electricity delivered" in page.getvalue()
    assert shown == [True, False]
