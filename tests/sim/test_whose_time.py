"""Who else may say what time it is: the head-end while nobody better does, and a technician."""

import json
from pathlib import Path

import pytest

from host_sim.models.house import House
from host_sim.scenario import HOUR_US, Fault, Scenario, TimeServers, true_time
from host_sim.simulation import Simulation
from tests.drivers.chip import simulation
from tests.sim.bench import COLLECTOR, START_S, audited, ledger_of
from tests.sim.test_clock import PARTIAL, flagged, hours_since_start, silent_for

HOURS = 4
TIME_TOPIC = f"ami/{COLLECTOR}/time"


def collector(vm: str, time_servers: TimeServers, *faults: Fault) -> Simulation:
    return Simulation(
        Scenario(
            House(1, START_S),
            1,
            HOURS,
            settings={"meter.poll_s": 900},
            faults=faults,
            time_servers=time_servers,
        ),
        vm,
    )


def clock_events(lived: Simulation) -> list[tuple[str, int, int]]:
    """(word, source, hour) of every setting of the clock."""
    return [
        (event.type, event.detail["source"], int(hours_since_start(event.time_s * 1_000_000)))
        for event in ledger_of(lived).events(COLLECTOR)
        if event.type.startswith("clock_") and event.time_s
    ]


def test_where_no_time_server_answers_the_head_end_does(vm: str) -> None:
    # A firewall that lets MQTT out, and nothing else: within five minutes the hour is known, and
    # every boundary is the meter's. When a server answers at last, it fits.
    lived = collector(vm, silent_for(3.2))
    lived.run()
    assert clock_events(lived) == [("clock_set", 1, 0)]
    assert flagged(lived) == {0: PARTIAL}
    assert audited(lived).closes, audited(lived).remarks
    statuses = [json.loads(entry.data) for entry in lived.trace.published("status")]
    asked = [status["time"] for status in statuses if status["state"] == "online"]
    assert 2 <= len(asked) <= 4
    assert not any(asked)


def test_where_time_servers_answer_the_head_end_is_not_asked(vm: str) -> None:
    # Its clock may be wrong, and nobody would ask a second one.
    lived = collector(vm, true_time)
    lived.broker.publish(TIME_TOPIC, b'{"v":1,"unix_s":1000000000}')
    for hour in range(HOURS):
        wrong = b'{"v":1,"unix_s":%d}' % (START_S + 86_400)
        lived.world.at(hour * HOUR_US, lambda wrong=wrong: lived.broker.publish(TIME_TOPIC, wrong))
    lived.run()
    assert clock_events(lived) == [("clock_set", 0, 0)]
    assert audited(lived).closes, audited(lived).remarks


@pytest.mark.long_on_micropython
def test_a_late_or_bad_answer_is_not_taken(vm: str) -> None:
    # Only what comes right after the status that asked for it is the time of now.
    lived = collector(vm, silent_for(99), Fault(0, "head_end", 99 * HOUR_US))
    late = b'{"v":1,"unix_s":%d}' % START_S

    def answer(topic: str, text: bytes) -> None:
        for bad in (b"", b"[]", b'{"v":1,"unix_s":"x"}', b'{"v":1,"unix_s":1000000000}'):
            lived.broker.publish(TIME_TOPIC, bad, client_id="stranger")
        lived.world.after(12_000_000, lambda: lived.broker.publish(TIME_TOPIC, late))

    lived.broker.attach("late head-end", "ami/+/status", answer)
    lived.run()
    assert len(lived.trace.published("status")) > 20
    assert not any(b"clock_" in entry.data for entry in lived.trace.published("events"))


TOLD = """
import asyncio
from time import sleep
from clock import Clock
from lib import events
from timekeeper import Timekeeper
class Books:
    def closed_s(self):
        return 1772409600
    def event(self, kind, values):
        print(kind, *values)
    def time_known(self):
        print("known")
    def time_moved(self, stepped_s):
        print("moved", stepped_s)
clock = Clock("192.0.2.123", None)
class Wifi:
    room = memoryview(bytearray(256))
    def is_up(self):
        return True
keeper = Timekeeper(clock, Wifi(), Books(), None)
async def keep(seconds):  # no time server answers
    try:
        await asyncio.wait_for(keeper.run(), seconds)
    except asyncio.TimeoutError:
        pass
"""
HEAD_END, TECHNICIAN = 1, 2
KNOWN, SET, DOUBTED = "known", 2, 19


def told(vm: str, folder: Path, *program: str) -> list[list[str]]:
    """What the books were told, line by line."""
    chip = simulation(vm, TOLD + "\n".join(program), folder, 1_000_000)
    chip.run()
    return [line.split() for line in chip.collector.lives[0].console.splitlines()]


def test_the_head_end_waits_for_the_time_servers(vm: str, tmp_path: Path) -> None:
    # For a minute they have the first word; after it the head-end is believed, but not with a
    # time before what the journal holds. While the clock is trusted it is not heard.
    assert told(
        vm,
        tmp_path,
        "asyncio.run(keep(50))",
        "keeper.told(1, 1772409700, 2000)",
        "asyncio.run(keep(20))",
        "keeper.told(1, 1772323200, 2000)",
        "keeper.told(1, 1772409760, 2000)",
        "keeper.told(1, 1772496160, 2000)",
        "print(clock.unix_s(), clock.is_trusted())",
    ) == [["19", "-86398"], ["known"], ["2", "0", "1", "70"], ["1772409760", "True"]]


def test_the_head_end_is_heard_when_trust_has_run_out(vm: str, tmp_path: Path) -> None:
    # After four days without any answer the clock may be off by half a minute; off by a day it is
    # not, whoever says so.
    assert told(
        vm,
        tmp_path,
        "keeper.told(2, 1772409700, 1000)",
        "sleep(4 * 86400)",
        "keeper.told(1, clock.unix_s() + 20, 2000)",
        "print(clock.is_trusted())",
        "asyncio.run(keep(40 * 60))",
        "keeper.told(1, clock.unix_s() + 86400, 2000)",
        "print(clock.is_trusted())",
        "keeper.told(1, clock.unix_s() + 20, 2000)",
        "print(clock.is_trusted())",
    ) == [
        ["known"],
        ["2", "0", "2", "0"],
        ["False"],
        ["19", "86400"],
        ["False"],
        ["True"],
    ]


def test_a_technician_is_believed(vm: str, tmp_path: Path) -> None:
    # Ten minutes, which a server would be allowed to slew, are set at once, and told.
    lines = told(
        vm,
        tmp_path,
        "keeper.told(2, 1772409700, 1000)",
        "keeper.told(2, 1772410300, 1000)",
        "print(clock.unix_s())",
        "keeper.told(2, 1672410300, 1000)",
        "print(clock.unix_s())",
    )
    assert lines == [
        ["known"],
        ["2", "0", "2", "0"],
        ["moved", "600"],
        ["2", "600", "2", "0"],
        ["1772410300"],
        ["1772410300"],
    ]
