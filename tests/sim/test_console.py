"""The console at the serial port: what a technician asks is answered, and metering goes on."""

from datetime import UTC, datetime

import pytest

from host_sim.models.flow import Flow
from host_sim.models.house import House
from host_sim.scenario import Fault, Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import COLLECTOR, START_S, audited, collector_of, event_types, ledger_of
from tests.sim.visitor import SECOND_US, Visitor, visited, wait
from tests.vm import FIRMWARE

pytestmark = pytest.mark.long_twin

HOURS = 2


def test_a_person_gets_words_and_metering_goes_on(vm: str) -> None:
    visitor = visited(
        vm, "", "help", "status", "read", "journal", "events 3", "wifi", "ping", "outages", "time"
    )
    words = ["help", "status", "claim", "wifi", "set", "events"]
    (helped,) = visitor.answers("help")
    assert all(f"\r\n  {word}" in helped for word in words)
    (status,) = visitor.answers("status")
    assert f"  collector {COLLECTOR}\r\n" in status
    assert "  wifi yes\r\n" in status and "  broker yes\r\n" in status
    (read,) = visitor.answers("read")
    told = dict(line.split() for line in read.splitlines() if line.startswith("  "))
    assert int(told["electricity_delivered"]) > 0
    assert abs(datetime.fromisoformat(told["time"]).timestamp() - START_S - 120) < 60
    (events,) = visitor.answers("events 3")
    assert "type=power_up" in events and "type=clock_set" in events
    assert "ssid=meters rssi_dbm=-61" in visitor.answers("wifi")[0]
    assert all(answer.endswith("done\r\n") for _, answer in visitor.said[2:])
    assert visitor.endings == ["end of run"]
    assert audited(visitor.simulation).closes, audited(visitor.simulation).remarks
    assert "task_failed" not in event_types(visitor.simulation)


def test_a_program_gets_objects(vm: str) -> None:
    visitor = visited(
        vm,
        "json on",
        "status",
        "events 2",
        "show",
        "nonsense",
        "events abc",
        "resend x y",
        "help ping",
    )
    (status,) = visitor.objects("status")
    assert status["done"] == "status"
    assert status["detail"]["board"] == "esp32_devkit" and status["detail"]["claimed"] is False
    *events, done = visitor.objects("events 2")
    assert done == {"done": "events", "detail": {}}
    assert [event["event"]["type"] for event in events] == ["power_up", "clock_set"]
    *settings, _ = visitor.objects("show")
    told = {key: value for each in settings for key, value in each["setting"].items()}
    assert told["wifi.ssid"] == "meters" and told["wifi.password"] == "(set)"
    (refused,) = visitor.objects("nonsense")
    assert "'nonsense': there is no such word" in refused["refused"]
    assert visitor.objects("events abc") == [{"refused": "events: how many, from 1 to 200"}]
    assert visitor.objects("resend x y")[0]["refused"].startswith("after: must be an integer")
    assert visitor.objects("help ping")[0]["help"]["usage"] == "ping"


def test_a_setting_is_checked_stored_and_told(vm: str) -> None:
    visitor = visited(
        vm,
        "set meter.poll_s 5000",
        "set mqtt.tls maybe",
        "set meter.pol_s 60",
        "set meter.poll_s",
        'set mqtt.user "wall 7"',
        wait(60),
        "set meter.poll_s 90",
        wait(60),
        "reboot",
        wait(60),
        "show",
        board="esp32_c3_devkit",
    )
    assert "must be an integer from 1 to 3600" in visitor.answers("set meter.poll_s 5000")[0]
    assert '"maybe" is wrong' in visitor.answers("set mqtt.tls maybe")[0]
    assert "unknown key; this group has meter.profile" in visitor.answers("set meter.pol_s 60")[0]
    assert "a key and a value" in visitor.answers("set meter.poll_s")[0]
    (shown,) = visitor.answers("show")
    assert "meter.poll_s=90\r\n" in shown and "mqtt.user=wall 7\r\n" in shown
    events = ledger_of(visitor.simulation).events(collector_of(visitor.simulation))
    told = [event.detail for event in events if event.type == "config_set"]
    assert [each["source"] for each in told] == [2, 2]
    assert (told[1]["before"], told[1]["after"]) == (300, 90)
    assert set(visitor.endings) == {"reset 2", "end of run"}
    assert audited(visitor.simulation).closes, audited(visitor.simulation).remarks


def test_what_the_meters_show(vm: str) -> None:
    visitor = visited(vm, "json on", "meter", "pulses", "read", hours=1)
    *quantities, line = visitor.objects("meter")
    told = {each["quantity"]["name"]: each["quantity"] for each in quantities}
    (registers,) = visitor.objects("read")
    energy = told["electricity_delivered"]
    assert energy["unit"] == "Wh"
    assert 0 <= registers["detail"]["electricity_delivered"] - energy["value"] <= 50
    assert line["detail"]["modbus_timeouts"] == 0
    *inputs, _ = visitor.objects("pulses")
    water, gas = [each["input"] for each in inputs]
    assert (water["channel"], gas["channel"]) == ("water", "gas")
    assert (water["register"], gas["register"]) == (water["pulses"], 10 * gas["pulses"])
    assert audited(visitor.simulation).closes, audited(visitor.simulation).remarks


def test_a_pulse_is_told_as_it_comes() -> None:
    # A tap: 150 L/h are a pulse of a litre each 24 s.
    leak = Flow(START_S * SECOND_US, (START_S + 3600) * SECOND_US, 150)
    scenario = Scenario(House(1, START_S, leaks=(leak,)), 1, 1)
    simulation = Simulation(scenario, "cpython")
    visitor = Visitor(simulation, 120, "json on", "pulses 120", wait(200), "pulses")
    visitor.patience_us = 200 * SECOND_US
    simulation.run()
    *inputs, _ = visitor.objects("pulses 120")
    of_water = [each["input"] for each in inputs if each["input"]["channel"] == "water"]
    assert len(of_water) == 6
    assert all(23_900 <= each["after_ms"] <= 24_100 for each in of_water[2:])


def test_the_verdict_names_what_is_wrong_and_what_to_do(vm: str) -> None:
    hour = 3600 * SECOND_US
    faults = (Fault(hour, "bus_cut", hour), Fault(hour, "access_point", hour))
    settings = {"meter.poll_s": 300}
    scenario = Scenario(House(1, START_S), 1, 3, settings=settings, faults=faults)
    simulation = Simulation(scenario, vm)
    early = Visitor(simulation, 1800, "json on", "selftest")
    late = Visitor(simulation, 5400, "selftest")
    simulation.run()
    assert early.objects("selftest")[-1]["detail"] == {"failed": 0, "verdict": "PASS"}
    *checks, verdict = late.objects("selftest")
    wrong = {
        each["check"]["check"]: each["check"]["do"] for each in checks if not each["check"]["ok"]
    }
    assert set(wrong) == {"network", "broker", "meter"}
    assert "A and B" in wrong["meter"] and "'wifi' shows" in wrong["network"]
    assert verdict["detail"] == {"failed": 3, "verdict": "FAIL"}


def test_the_clock_is_set_where_nobody_knows_the_time(vm: str) -> None:
    visitor = visited(vm, "time", f"time {START_S + 100_000}", "time", wifi__ssid="nobody")
    before, after = visitor.answers("time")
    set_to = datetime.fromtimestamp(START_S + 100_000, UTC)
    assert "time -" in before and f"time {set_to:%Y-%m-%dT%H:%M}" in after


def test_corrections_and_what_a_terminal_sends_beside_letters(vm: str) -> None:
    visitor = visited(
        vm,
        "pong\b\b\bing",
        "rubbish\x15ping",
        "rubbish\x03ping",
        "p\x1b[Ai\x1bOPng\x7fg",
        "\tping",
        "ping\r\nping",
        "x" * 240,
        "x" * 241,
        'wifi "',
        b"\xff\xfe".decode("latin-1"),
    )
    for line in ("pong\b\b\bing", "rubbish\x15ping", "rubbish\x03ping", "p\x1b[Ai\x1bOPng\x7fg"):
        assert "uptime_s" in visitor.answers(line)[0], line
    assert "uptime_s" in visitor.answers("\tping")[0]
    assert "no such word" in visitor.answers("x" * 240)[0]
    assert "at most 240 bytes" in visitor.answers("x" * 241)[0]
    assert "not closed" in visitor.answers('wifi "')[0]


def test_a_cable_that_is_pulled_in_the_middle_of_a_line(vm: str) -> None:
    scenario = Scenario(House(1, START_S), 1, HOURS, settings={"meter.poll_s": 300})
    simulation = Simulation(scenario, vm)
    terminal = simulation.terminal
    simulation.world.at(120 * SECOND_US, lambda: terminal.type("set meter.poll_s 9"))
    simulation.world.at(121 * SECOND_US, lambda: setattr(terminal, "is_plugged_in", False))
    simulation.world.at(122 * SECOND_US, lambda: terminal.type("0\r"))
    simulation.world.at(200 * SECOND_US, lambda: setattr(terminal, "is_plugged_in", True))
    visitor = Visitor(simulation, 201, "ping")
    simulation.run()
    assert "uptime_s" in visitor.answers("ping")[0]
    assert "config_set" not in event_types(simulation)
    assert audited(simulation).closes, audited(simulation).remarks


def test_garbage_at_full_speed_stops_nothing(vm: str) -> None:
    scenario = Scenario(House(1, START_S), 1, HOURS, settings={"meter.poll_s": 300})
    simulation = Simulation(scenario, vm)
    rng = simulation.world.random
    garbage = bytes(rng.randrange(256) for _ in range(11_500 * 3))  # three seconds of it
    simulation.world.at(300 * SECOND_US, lambda: simulation.terminal.type(garbage))
    visitor = Visitor(simulation, 400, "", "", "ping")
    simulation.run()
    assert "uptime_s" in visitor.answers("ping")[0]
    (life,) = simulation.collector.lives
    assert (life.ending, "Traceback" in life.console) == ("end of run", False), life.console
    assert "task_failed" not in event_types(simulation)
    assert audited(simulation).closes, audited(simulation).remarks


@pytest.mark.long_on_micropython
def test_restarts_that_somebody_asks_for_are_no_failures(vm: str) -> None:
    # Eight in two minutes: after six that nobody asked for it would be in safe mode.
    lines = [each for _ in range(8) for each in ("reboot", wait(12))]
    visitor = visited(vm, *lines, "status", hours=1)
    assert visitor.endings == [*["reset 2"] * 8, "end of run"]
    assert "boot 9\r\n" in visitor.answers("status")[0]
    assert "task_failed" not in event_types(visitor.simulation)


def test_every_word_has_its_line_in_the_help() -> None:
    meaning = (FIRMWARE / "console" / "meaning.py").read_text()
    told = {line.split(" ", 1)[0] for line in (FIRMWARE / "help.txt").read_text().splitlines()}
    usages = [line[:28] for line in (FIRMWARE / "help.txt").read_text().splitlines()]
    assert all(usage.endswith(" ") for usage in usages)
    space: dict = {}
    exec(compile(meaning.split("def of")[0], "meaning", "exec"), space)
    assert told == {*space["_WORDS"].split(), *space["_COMMANDS"]}
