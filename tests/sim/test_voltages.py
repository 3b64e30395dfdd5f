"""What the meter shows of the voltages, over the wire and as events at the head-end."""

from typing import Any

import pytest

from host_sim.models.house import House
from host_sim.models.meters.supply import Supply
from host_sim.scenario import Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import COLLECTOR, START_S, ledger_of

SAG, SWELL, LOST = 1, 2, 3
HOUR_S = 3600
NAMES = ("phase", "kind", "lasted_s", "dv", "worst_dv")


def lived(vm: str, hours: int, settings: dict[str, Any]) -> Simulation:
    """The built-in house, for some hours."""
    simulation = Simulation(Scenario(House(1, START_S), 1, hours, settings=settings), vm)
    simulation.run()
    return simulation


def test_a_sag_a_swell_and_a_phase_that_is_gone(vm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Phase 2 goes for an hour, phase 3 sags for ten minutes and swells for ten; the others are as
    # they should be, and phase 1 is told of never.
    as_it_is = Supply.voltage_v

    def voltage_v(self: Supply, phase: int, t_us: int) -> float:
        second = t_us // 1_000_000 - START_S
        if phase == 1 and 2 * HOUR_S <= second < 3 * HOUR_S:
            return 0.5
        if phase == 2 and 4 * HOUR_S <= second < 4 * HOUR_S + 600:
            return 201.5
        if phase == 2 and 5 * HOUR_S <= second < 5 * HOUR_S + 600:
            return 262.0
        return as_it_is(self, phase, t_us)

    monkeypatch.setattr(Supply, "voltage_v", voltage_v)
    simulation = lived(vm, 6, {"site.voltage_v": 230})
    told = [
        (
            event.type,
            (event.time_s or 0) - START_S,
            tuple(event.detail[name] for name in NAMES if name in event.detail),
        )
        for event in ledger_of(simulation).events(COLLECTOR)
        if event.type.startswith("voltage_")
    ]
    assert [(word, detail) for word, _, detail in told] == [
        ("voltage_out", (2, LOST, 5)),
        ("voltage_over", (2, LOST, HOUR_S, 5)),
        ("voltage_out", (3, SAG, 2015)),
        ("voltage_over", (3, SAG, 600, 2015)),
        ("voltage_out", (3, SWELL, 2620)),
        ("voltage_over", (3, SWELL, 600, 2620)),
    ]
    minutes = (120, 180, 240, 250, 300, 310)
    for (_, at_s, _), minute in zip(told, minutes, strict=True):
        assert minute * 60 <= at_s < (minute + 1) * 60


def test_where_no_voltage_is_configured_none_is_told(
    vm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Supply, "voltage_v", lambda self, phase, t_us: 150.0)
    simulation = lived(vm, 1, {})
    events = ledger_of(simulation).events(COLLECTOR)
    assert not [event for event in events if event.type.startswith("voltage_")]
