"""How Home Assistant finds the meters by itself, judged by its own rules and its own templates'
language.
"""

import json
from functools import cache
from typing import Any

import pytest
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from host_sim.models.house import House
from host_sim.scenario import Fault, Scenario
from host_sim.simulation import Simulation
from tests import discovery
from tests.sim.bench import COLLECTOR, START_S
from tests.sim.shared_data import SHARED_DATA, needs_shared_data

MINUTE_US = 60_000_000
RULES = SHARED_DATA / "ha_sensor_rules.json"
UNKNOWN = "None"
# What one of Home Assistant's units is in those of a register.
SIZES = {"Wh": 1, "L": 1, "m³": 1000}
MEASURED = {"electricity_delivered", "electricity_received", "water", "gas", "power_w"}


@cache
def lived(vm: str, meter: str = "sdm630") -> Simulation:
    """An hour in which the meter is silent for a while, and the broker forgets all."""
    faults = (
        Fault(20 * MINUTE_US + 30_000_000, "bus_cut", 5 * MINUTE_US),
        Fault(40 * MINUTE_US, "amnesia", MINUTE_US),
    )
    settings = {"homeassistant": True, "mqtt.acknowledge": "broker"}
    home = House(1, START_S)
    simulation = Simulation(
        Scenario(home, 1, 1, settings=settings, faults=faults, meter=meter), vm
    )
    simulation.run()
    return simulation


def found(simulation: Simulation) -> dict[str, dict[str, Any]]:
    """What Home Assistant finds at the broker when it starts, by its name in the topic."""
    return {
        topic.split("/")[3]: discovery.spelled(message.payload)
        for topic, message in simulation.broker.retained.items()
        if topic.startswith(discovery.PREFIX)
    }


def rendered(template: str, payload: bytes) -> str:
    """What Home Assistant makes of a message; it is an error to lean on what is not there."""
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    return environment.from_string(template).render(value_json=json.loads(payload))


@needs_shared_data
def test_every_unit_is_one_of_its_class(vm: str) -> None:
    # Home Assistant refuses a sensor whose class, state class and unit do not go together.
    classes = json.loads(RULES.read_text(encoding="utf-8"))["device_classes"]
    sensors = found(lived(vm))
    assert set(sensors) == MEASURED
    for sensor in sensors.values():
        rule = classes[sensor["device_class"]]
        assert sensor["unit_of_measurement"] in rule["units"]
        assert sensor["state_class"] in rule["state_classes"]


def test_every_sensor_is_one_of_one_device(vm: str) -> None:
    sensors = found(lived(vm)).values()
    assert len({sensor["unique_id"] for sensor in sensors}) == len(MEASURED)
    assert len({sensor["name"] for sensor in sensors}) == len(MEASURED)
    (device,) = {json.dumps(sensor["device"]) for sensor in sensors}
    assert json.loads(device)["identifiers"] == COLLECTOR


def test_every_reading_is_shown_in_the_units_of_home_assistant(vm: str) -> None:
    # Its value is the register's, and what was not measured is unknown: neither zero nor the
    # value before.
    simulation = lived(vm)
    entries = simulation.trace.published("readings")
    unknown = 0
    for name, sensor in found(simulation).items():
        assert sensor["state_topic"] == f"ami/{COLLECTOR}/readings"
        for entry in entries:
            told = json.loads(entry.data)
            value = told.get(name, told["registers"].get(name))
            shown = rendered(sensor["value_template"], entry.data)
            if value is None:
                assert shown == UNKNOWN
                unknown += 1
            elif name == "power_w":
                assert int(shown) == value
            else:
                size = SIZES[sensor["unit_of_measurement"]]
                assert float(shown) * size == pytest.approx(value, abs=1e-6)
    assert unknown == 3 * 5  # both registers of the meter, and its power


def test_what_is_late_is_not_shown(vm: str) -> None:
    # A value that is not told again expires; and one round that is missing is no reason.
    simulation = lived(vm)
    moments = [entry.at_us for entry in simulation.trace.published("readings")]
    (expire_s,) = {sensor["expire_after"] for sensor in found(simulation).values()}
    assert expire_s == 180
    regular = [moment for moment in moments if moment < 40 * MINUTE_US]
    assert all(
        after - before < 2 * MINUTE_US for before, after in zip(regular, regular[1:], strict=False)
    )


def test_the_status_tells_whether_the_collector_is_there(vm: str) -> None:
    simulation = lived(vm)
    states = simulation.trace.published("status")
    for sensor in found(simulation).values():
        assert sensor["availability_topic"] == f"ami/{COLLECTOR}/status"
        shown = [rendered(sensor["availability_template"], entry.data) for entry in states]
        assert {*shown} <= {"online", "offline"}
        assert shown[-1] == "online"
        will = b'{"v":1,"state":"offline","boot":7}'
        assert rendered(sensor["availability_template"], will) == "offline"


def test_a_broker_that_forgot_is_told_again(vm: str) -> None:
    # Once in each connection, and retained: Home Assistant may come later.
    simulation = lived(vm)
    told = [entry.at_us for entry in simulation.trace.published("config")]
    assert simulation.connections == 2
    assert len(told) == 2 * len(MEASURED)
    assert len([at_us for at_us in told if at_us > 40 * MINUTE_US]) == len(MEASURED)


def test_a_meter_without_a_register_has_no_sensor_for_it(vm: str) -> None:
    # A sensor that is for ever unknown would be a question nobody can answer.
    assert set(found(lived(vm, "pzem016"))) == MEASURED - {"electricity_received"}
