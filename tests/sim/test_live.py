"""What the meters show now, told beside the journal: never late, never stale, never a zero that
was not measured.
"""

import ast
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from host_sim.audit import true_registers
from host_sim.models.house import House
from host_sim.scenario import HOUR_US, Fault, Scenario
from host_sim.simulation import Simulation
from tests.check import tree
from tests.drivers.chip import printed
from tests.drivers.chip import simulation as on_chip
from tests.sim.bench import START_S, audited

pytestmark = pytest.mark.long_twin

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
ELECTRICITY = {"electricity_delivered", "electricity_received"}
ALL = ELECTRICITY | {"water", "gas"}

SLOW_DRAIN = """
import asyncio
import esp32
from health import Health
from journal import Journal
from lib import events, payload
from live import Live
from uplink import Uplink

EVENT, POWER_UP = 0x11, 1  # lib/record.py, lib/events.py: the image has numbers, no names

class Session:
    sent = 0
    told = []
    def set_last_will(self, topic, text, retain, qos): pass
    server = "127.0.0.1"
    async def open(self, address, timeout_ms): pass
    async def run(self): await asyncio.sleep_ms(100000000)
    async def subscribe_topic(self, topic, timeout_ms): pass
    async def ping_broker(self): pass
    def close(self): pass
    def next_packet_id(self):
        self.sent += 1
        return self.sent
    async def publish_text(self, topic, message, packet_id, retain=False):
        await asyncio.sleep_ms(2000)  # a bad link
        if packet_id:
            self.on_acknowledged(packet_id)
        else:
            self.told.append(site.uptime_s())

class Site:  # Wi-Fi, clock, books and pulses
    trouble = None
    boot = 1
    counts = ()
    now = 0
    room = bytearray(256)
    async def join(self, timeout_ms): return True
    def is_up(self): return True
    def uptime_s(self): return self.now
    def now_s(self): return 1772409600 + self.now
    def unix_s(self): return 1772409600 + self.now
    def is_trusted(self): return True

site = Site()

async def main():
    journal = Journal(esp32.Partition("journal"))
    journal.open()
    for _ in range(4000):
        journal.append(EVENT, events.pack(POWER_UP, 1, 1772409600, (1, 0, 0, 0)))
    config = {"mqtt.acknowledge": "broker", "mqtt.keepalive_s": 60}
    session = Session()
    health = Health(site, None, None)
    about, out = ("pk-1", "0", "bench"), payload.writer(600)
    recorded = asyncio.Event()
    uplink = Uplink(config, site, journal, site, recorded, site, session, health, about, out)
    live = Live(60, "ami/pk-1/readings", site, site, None, (), site, uplink)
    uplink.speakers.append(live.say)
    asyncio.create_task(uplink.run())
    for second in range(300):
        site.now = second
        if second % 60 == 0:
            live.take()
        await asyncio.sleep_ms(1000)
    print(*session.told, journal.acked < 3000)
asyncio.run(main())
"""


def lived(vm: str, hours: int = 1, faults: tuple[Fault, ...] = (), **further: Any) -> Simulation:
    """Hours of a house whose readings are told every minute."""
    settings = {"mqtt.live_s": 60} | further.pop("settings", {})
    home = House(1, START_S)
    simulation = Simulation(
        Scenario(home, 1, hours, settings=settings, faults=faults, **further), vm
    )
    simulation.run()
    return simulation


def readings(simulation: Simulation) -> list[tuple[int, dict[str, Any]]]:
    """When each was told, and what."""
    return [
        (entry.at_us, json.loads(entry.data)) for entry in simulation.trace.published("readings")
    ]


def test_every_minute_what_the_meters_show(vm: str) -> None:
    # Each reading is the world's at its moment, to the unit; and the connection lives on although
    # the broker has nothing to say to messages at QoS 0 for longer than its silence may last.
    simulation = lived(vm)
    told = readings(simulation)
    assert simulation.connections == 1
    assert 60 <= len(told) <= 66
    truth = true_registers(simulation)
    assert all(set(reading["registers"]) == ALL for _, reading in told)
    for name, register in truth.items():
        opening = told[0][1]["registers"][name]
        first = register((START_S + 3) * SECOND_US)
        for at_us, reading in told:
            unix_us = START_S * SECOND_US + at_us
            shown = reading["registers"][name]
            least, most = register(unix_us - 3 * SECOND_US), register(unix_us)
            if name in ELECTRICITY:
                assert least <= shown <= most
            else:  # the register opens at 0 when the collector is installed
                assert least - first <= shown - opening <= most
    for (before_us, _), (after_us, _) in pairwise(told):
        assert after_us - before_us < 62 * SECOND_US
    for at_us, reading in told[1:]:
        assert reading["time"] - START_S in range(at_us // SECOND_US - 3, at_us // SECOND_US + 2)
        assert isinstance(reading["power_w"], int)
    assert audited(simulation).closes


@pytest.mark.long_on_micropython
def test_the_power_is_the_meters_own(vm: str) -> None:
    # With its sign: a house with panels sends power out.
    simulation = Simulation(Scenario(House(2, START_S), 2, 13, settings={"mqtt.live_s": 3600}), vm)
    simulation.run()
    home = simulation.scenario.home
    told = readings(simulation)
    assert len(told) == 15  # and one when the time becomes known
    powers = [reading["power_w"] for _, reading in told]
    for (at_us, _), power_w in zip(told, powers, strict=True):
        now_us = START_S * SECOND_US + at_us
        assert power_w in (home.power_w(now_us), home.power_w(now_us - 2 * SECOND_US))
    assert min(powers) < 0 < max(powers)


def test_a_silent_meter_shows_nothing(vm: str) -> None:
    # Its last register is not what it shows now; water and gas go on.
    cut = Fault(20 * MINUTE_US + 30 * SECOND_US, "bus_cut", 10 * MINUTE_US)
    told = readings(lived(vm, faults=(cut,)))
    for at_us, reading in told:
        is_cut = cut.at_us < at_us < cut.at_us + cut.lasting_us
        assert set(reading["registers"]) == ({"water", "gas"} if is_cut else ALL)
        assert ("power_w" in reading) is not is_cut
    assert sum("power_w" not in reading for _, reading in told) == 10


def test_a_wire_that_is_cut_shows_nothing(vm: str) -> None:
    # A contact that cannot be seen counts nothing: what was counted is not the meter's register.
    cut = Fault(20 * MINUTE_US + 30 * SECOND_US, "wire_cut", 10 * MINUTE_US)
    told = readings(lived(vm, faults=(cut,), board="esp32_c3_devkit"))
    for at_us, reading in told:
        if cut.at_us < at_us < cut.at_us + cut.lasting_us:
            assert set(reading["registers"]) == ALL - {"water"}
    assert set(told[-1][1]["registers"]) == ALL


def test_after_a_cut_no_older_register_is_shown(vm: str) -> None:
    # The books go on where the last checkpoint left them; the meter is further. And while there
    # was no broker nothing is kept for it: one reading, the newest, and no queue.
    faults = (
        Fault(20 * MINUTE_US + 30 * SECOND_US, "power", 5 * SECOND_US),
        Fault(40 * MINUTE_US + 30 * SECOND_US, "broker", 10 * MINUTE_US),
    )
    told = readings(lived(vm, faults=faults))
    shown = [
        reading["registers"]["electricity_delivered"]
        for _, reading in told
        if "electricity_delivered" in reading["registers"]
    ]
    assert shown == sorted(shown)
    assert len(shown) >= len(told) - 1
    away = [at_us for at_us, _ in told if 41 * MINUTE_US < at_us < 50 * MINUTE_US]
    assert not away
    for at_us, reading in told:
        if reading["time"] is not None:
            assert at_us // SECOND_US - (reading["time"] - START_S) <= 60


def test_a_backlog_does_not_keep_them_back(vm: str, tmp_path: Path) -> None:
    # Thousands of records over a link that takes two seconds for a message: each round is told
    # before the next of them, not behind them all.
    chip = on_chip(vm, SLOW_DRAIN, tmp_path, 310)
    chip.run()
    *moments, is_draining = printed(chip)
    assert is_draining == "True"
    assert len(moments) == 5
    assert all(0 <= int(moment) - 60 * nth <= 6 for nth, moment in enumerate(moments))


def test_who_does_not_ask_for_it_does_not_load_it() -> None:
    # A module that is imported at the head of another is in everybody's heap.
    for path in tree.python_files("firmware", "boards"):
        for node in tree.parse(path).body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                words = re.split(r"\W+", ast.unparse(node))
                assert not {"live", "homeassistant", "discovery"} & {*words}, path


def test_without_the_setting_nothing_is_told(vm: str) -> None:
    simulation = Simulation(Scenario(House(1, START_S), 1, 1), vm)
    simulation.run()
    kinds = {entry.kind.rpartition("/")[2] for entry in simulation.trace.entries}
    assert not kinds & {"readings", "config"}
    assert simulation.scenario.end_us > HOUR_US
