"""What a technician does at the console beside asking: finds meters, proves inputs, swaps meters,
and has it all examined.
"""

import pytest

from host_sim.models.home import HOUR_US
from host_sim.models.house import House
from host_sim.models.taps import Taps
from host_sim.scenario import Fault, Scenario
from host_sim.simulation import Simulation
from lib import short_code
from tests.sim.bench import COLLECTOR, START_S, audited, collector_of, event_types, ledger_of
from tests.sim.visitor import Visitor, visited, wait
from tests.vm import FIRMWARE

MINUTE_US = HOUR_US // 60
C3 = "esp32_c3_devkit"  # has room for everything


def events(visitor: Visitor, word: str) -> list[dict]:
    """The details of all of this type at the head-end."""
    told = ledger_of(visitor.simulation).events(collector_of(visitor.simulation))
    return [event.detail for event in told if event.type == word]


def test_the_meter_is_found_and_known(vm: str) -> None:
    visitor = visited(vm, "json on", "scan 1 5", "scan 0", "identify 1", "identify 3", "read")
    *found, done = visitor.objects("scan 1 5")
    assert [each["slave"] for each in found] == [{"address": 1, "configured": True}]
    assert done["detail"] == {"asked": 5, "found": 1}
    assert "from 1 to 247" in visitor.objects("scan 0")[0]["refused"]
    *models, _ = visitor.objects("identify 1")
    fits = {each["model"]["profile"]: each["model"]["fits"] for each in models}
    assert fits["sdm630"] and not fits["we514"] and not fits["iem3155"]
    assert len(fits) == len(list((FIRMWARE / "profiles").glob("*.txt")))
    *models, _ = visitor.objects("identify 3")
    assert not any(each["model"]["fits"] for each in models)
    assert audited(visitor.simulation).closes, audited(visitor.simulation).remarks
    assert "meter_silent" not in event_types(visitor.simulation)
    assert "task_failed" not in event_types(visitor.simulation)


def at_the_taps(vm: str, minutes: list[float], *lines: object, **settings: object) -> Visitor:
    """A collector of pulses only; somebody comes after half an hour."""
    wanted = {"meter.profile": "none", "meter.poll_s": 900}
    wanted |= {key.replace("__", "."): value for key, value in settings.items()}
    home = Taps([int(minute * MINUTE_US) for minute in minutes])
    visitor = Visitor(Simulation(Scenario(home, 1, 3, settings=wanted), vm), 1800, *lines)
    visitor.simulation.run()
    return visitor


@pytest.mark.long_on_micropython
def test_a_dial_proves_the_weight(vm: str) -> None:
    # Ten litres between the two looks; the second try is made with a weight that is wrong.
    minutes = [30.5 + each / 10 for each in range(10)] + [33.5 + each / 10 for each in range(10)]
    lines = ("dial water 500", wait(150), "dial water 510")
    visitor = at_the_taps(vm, minutes, *lines, "dial steam 1", "dial water")
    assert "verdict PASS" in visitor.answers("dial water 510")[0]
    assert all(
        "a channel (" in visitor.answers(line)[0] for line in ("dial steam 1", "dial water")
    )
    assert events(visitor, "pulses_proven") == [
        {"channel": 2, "pulses": 10, "moved": 10, "fits": 1}
    ]
    lines = ("dial water 500", wait(150), "dial water 600", "dial water 7", "dial water 6")
    visitor = at_the_taps(vm, minutes, *lines)
    assert "seems 10/1" in visitor.answers("dial water 600")[0]
    assert "verdict FAIL" in visitor.answers("dial water 600")[0]
    assert "begin anew" in visitor.answers("dial water 6")[0]
    assert [each["fits"] for each in events(visitor, "pulses_proven")] == [0]
    early = ("dial water 500", wait(46), "dial water 503", wait(125), "dial water 510")
    visitor = at_the_taps(vm, minutes, *early)
    assert "prove nothing yet" in visitor.answers("dial water 503")[0]
    assert "verdict PASS" in visitor.answers("dial water 510")[0]


@pytest.mark.long_on_micropython
def test_the_widths_of_a_reed_are_measured(vm: str) -> None:
    # It closes for so long as the bench's contacts do, and bounces for 8 ms.
    settings = {"meter.poll_s": 300, "water.min_closed_ms": 15, "water.min_open_ms": 15}
    home = Taps([int((31 + each / 10) * MINUTE_US) for each in range(20)])
    scenario = Scenario(home, 1, 1, settings=settings, bounce_us=8000)
    visitor = Visitor(Simulation(scenario, vm), 1800, "json on", "pulses 240")
    visitor.patience_us = 300_000_000
    visitor.simulation.run()
    (widths,) = [each["widths"] for each in visitor.objects("pulses 240") if "widths" in each]
    assert widths["channel"] == "water"
    assert 0 < widths["bounce_ms"] < 15
    assert 15 < widths["closed_ms"] < widths["open_ms"] < 6000
    assert ledger_of(visitor.simulation).books(COLLECTOR).channels["water"].consumption == 20


def test_another_meter_makes_no_step(vm: str) -> None:
    # Water and electricity are swapped. The counted register goes on; the one that is read goes on
    # from the start that both settings hold from.
    visitor = visited(
        vm,
        "swap electricity_delivered 1 0",
        "swap steam 1 2",
        "swap water 12345 3",
        "swap electricity_delivered 9000000 6918000",
        wait(60),
        "reboot",
        wait(60),
        "read",
        hours=3,
    )
    assert "the old meter showed" in visitor.answers("swap electricity_delivered 1 0")[0]
    assert "a channel (" in visitor.answers("swap steam 1 2")[0]
    assert [each["channel"] for each in events(visitor, "meter_swapped")] == [2, 0]
    (changed,) = events(visitor, "meter_changed")
    assert (changed["offset"], changed["before"]) == (9000000 - 6918000, 0)
    books = ledger_of(visitor.simulation).books(COLLECTOR)
    assert books.channels["water"].breaks == [] and books.residual == 0
    assert books.channels["electricity_delivered"].breaks == []


@pytest.mark.long_on_micropython(whole=False)
@pytest.mark.parametrize("whole", [False, True])
def test_factory_reset(vm: str, whole: bool) -> None:
    def reset(visitor: Visitor) -> str:
        return f"factory-reset {collector_of(visitor.simulation)}{' journal' if whole else ''}"

    visitor = visited(
        vm,
        "factory-reset",
        "factory-reset yes",
        "journal",
        wait(3600),
        reset,
        wait(60),
        "status",
        "journal",
        "events 1",
        "read",
        board=C3,
    )
    for refused in ("factory-reset", "factory-reset yes"):
        assert reset(visitor).removesuffix(" journal") + " journal)" in visitor.answers(refused)[0]
    (status,) = visitor.answers("status")
    assert "boot 2\r\n" in status and "wifi no\r\n" in status and "claimed no\r\n" in status
    before, after = (
        dict(line.split() for line in answer.splitlines() if line.startswith("  "))
        for answer in visitor.answers("journal")
    )
    assert int(after["newest"]) > int(before["newest"]) and after["trouble"] == "-"
    if whole:
        assert int(after["oldest"]) > int(before["newest"])
        assert "water 0\r\n" in visitor.answers("read")[0]
    else:
        assert after["oldest"] == "1"
        assert events(visitor, "collector_reset") == [{"journal": 0}]
        collector = collector_of(visitor.simulation)
        assert ledger_of(visitor.simulation).books(collector).residual == 0


def test_an_installation_passes(vm: str) -> None:
    minutes = [30.5 + each / 10 for each in range(10)]
    others = ("commission steam", "commission without gas")
    lines = ("commission", "dial water 0", wait(100), "dial water 10", "dial gas 0", wait(1000))
    visitor = at_the_taps(vm, minutes, *lines, "dial gas 10", wait(30), "commission", *others)
    first, second = visitor.answers("commission")
    assert "check=gas" not in visitor.answers("commission without gas")[0]
    assert "verdict PASS" in visitor.answers("commission without gas")[0]
    assert "without gas" in visitor.answers("commission steam")[0]
    assert "check=water ok=no do=not proven" in first and "verdict FAIL" in first
    told = events(visitor, "commissioned")
    assert told[0]["failed"] == 0b110_0000_0000_0000 and told[0]["requests"] == 0
    assert "check=water ok=yes" in second
    assert "check=head_end ok=yes" in second
    (seq, record) = [
        (event.seq, event)
        for event in ledger_of(visitor.simulation).events(COLLECTOR)
        if event.type == "commissioned"
    ][1]
    code = short_code.of(COLLECTOR, seq, 1, record.detail["checked"], record.detail["failed"])
    assert f"code {code}\r\n" in second


@pytest.mark.long_on_micropython
def test_what_is_wrong_is_named_and_what_to_do(vm: str) -> None:
    hour = 3600 * 1_000_000
    faults = (Fault(hour, "bus_cut", hour), Fault(hour, "access_point", hour))
    settings = {"meter.poll_s": 300}
    scenario = Scenario(House(1, START_S), 1, 3, settings=settings, faults=faults)
    simulation = Simulation(scenario, vm)
    visitor = Visitor(simulation, 5400, "json on", "commission")
    visitor.patience_us = 120_000_000
    simulation.run()
    *checks, done = visitor.objects("commission")
    wrong = {each["check"]["check"] for each in checks if not each["check"]["ok"]}
    assert {"network", "broker", "head_end", "meter", "meter_line", "water", "gas"} == wrong
    assert done["detail"]["verdict"] == "FAIL"
    assert events(visitor, "commissioned")  # told when the network is back


def test_a_meter_that_is_not_believed(vm: str) -> None:
    # Rated for a watt: its first Wh is more than it can have counted.
    visitor = visited(vm, wait(1800), "json on", "commission", meter__rating_w=1)
    *checks, done = visitor.objects("commission")
    told = {each["check"]["check"]: each["check"] for each in checks}
    assert "it jumped" in told["meter_values"]["do"]
    assert done["detail"]["verdict"] == "FAIL"
    assert events(visitor, "reading_held")[0]["why"] == 2


def test_a_supply_with_a_loose_contact(vm: str) -> None:
    # Seven restarts that are asked for are none; seven losses of power are.
    lines = [each for _ in range(7) for each in ("reboot", wait(20))]
    visitor = visited(vm, *lines, "commission", board=C3)
    assert "check=supply ok=yes" in visitor.answers("commission")[0]
    cuts = tuple(Fault(each * 15 * MINUTE_US, "power", MINUTE_US) for each in range(1, 8))
    settings = {"meter.poll_s": 300}
    scenario = Scenario(House(1, START_S), 1, 2, C3, settings=settings, faults=cuts)
    visitor = Visitor(Simulation(scenario, vm), 7000, "commission")
    visitor.simulation.run()
    assert "8 starts that nobody asked for" in visitor.answers("commission")[0]
