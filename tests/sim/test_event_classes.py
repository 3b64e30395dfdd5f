"""The classes of events, by what arrives: at once and again in place, in place only, or not."""

import json

import pytest

from host_sim.scenario import HOUR_US, Fault
from host_sim.simulation import Simulation
from tests.sim.bench import audited, collector_of, event_types, ledger_of, run

# While the broker is away, so that much else waits to be told.
AWAY = Fault(HOUR_US, "broker", 6 * HOUR_US)
SILENT = Fault(5 * HOUR_US + HOUR_US // 12, "bus_cut", 3 * HOUR_US // 4)
WORD = "meter_silent"


def times_sent(simulation: Simulation, word: str) -> int:
    """In how many messages an event of the type was told."""
    messages = [json.loads(entry.data) for entry in simulation.trace.published("events")]
    return sum(any(event["type"] == word for event in each["events"]) for each in messages)


@pytest.mark.long_where(told="now")
@pytest.mark.long_on_micropython
@pytest.mark.parametrize(("told", "times"), [("now", 2), ("ride", 1), ("log", 0)])
def test_an_event_goes_as_it_is_configured(vm: str, told: str, times: int) -> None:
    # Whatever its class, the journal has it, and the head-end sees that nothing is missing.
    settings = {"events.classes": f"{WORD}={told}"}
    simulation = run(vm, faults=(AWAY, SILENT), settings=settings)
    books = audited(simulation)
    assert books.closes, books.remarks
    assert (books.lost, books.kept) == (0, 96)
    assert times_sent(simulation, WORD) == times
    assert times_sent(simulation, "meter_answers") == 1
    assert ledger_of(simulation).books(collector_of(simulation)).lost == 0


@pytest.mark.long_where(told="now")
@pytest.mark.long_on_micropython
@pytest.mark.parametrize("told", ["now", "ride"])
def test_an_outage_waits_for_the_next_upload_where_it_may(vm: str, told: str) -> None:
    # With a battery, so that the collector lives.
    outage = Fault(6 * HOUR_US + HOUR_US // 10, "mains", HOUR_US // 10)
    settings = {"mains.sense": True, "events.classes": f"mains_lost={told} mains_back={told}"}
    simulation = run(vm, faults=(AWAY, outage), settings=settings, hold_up_us=HOUR_US)
    assert [word for word in event_types(simulation) if word.startswith("mains")] == [
        "mains_lost",
        "mains_back",
    ]
    assert times_sent(simulation, "mains_lost") == (2 if told == "now" else 1)
