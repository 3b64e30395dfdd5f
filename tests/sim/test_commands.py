"""What the head-end may ask of a collector that meters meanwhile: each command gets its reply, and
none is carried out twice.
"""

import json
from typing import Any

import pytest

from host_sim.audit import true_registers
from host_sim.models.house import House
from host_sim.scenario import Fault, Scenario
from host_sim.simulation import Simulation
from host_sim.trace import Entry
from tests.sim.bench import START_S, audited, collector_of, ledger_of
from tests.vm import NO_MICROPYTHON, have_micropython

pytestmark = pytest.mark.long_twin

# On a stock image of the smallest chip: no room to store a setting beside all that.
FULL = {"mains.sense": True, "mqtt.live_s": 60, "homeassistant": True}
MINUTE_US = 60_000_000
HOURS = 3


class Asked:
    """A collector, and what it replied to commands that were sent in its first boot."""

    def __init__(
        self,
        vm: str,
        *commands: tuple[int, Any],
        board: str = "esp32_devkit",
        settings: dict[str, Any] | None = None,
        **further: Any,
    ) -> None:
        """commands: (minute, what to do and its arguments; or a whole text)."""
        told = {"meter.poll_s": 900} | (settings or {})
        self.lived = Simulation(
            Scenario(House(1, START_S), 1, HOURS, settings=told, board=board, **further), vm
        )
        self.name = collector_of(self.lived)
        for number, (minute, asked) in enumerate(commands, 1):
            text = asked
            if isinstance(asked, dict):
                text = json.dumps({"v": 1, "boot": 1, "id": number} | asked).encode()
            teller = "head-end" if isinstance(asked, dict) else "stranger"
            self._at(minute, lambda text=text, teller=teller: self._say(text, teller))
        self.lived.run()
        self.replies = [json.loads(entry.data) for entry in self.entries("reply")]

    def entries(self, word: str) -> list[Entry]:
        return self.lived.trace.published(word)

    def detail(self) -> dict[str, Any]:
        """Of the only reply."""
        (reply,) = self.replies
        assert "refused" not in reply, reply
        return reply["detail"]

    def refusals(self) -> list[str]:
        return [reply.get("refused", "") for reply in self.replies]

    def _say(self, text: bytes, teller: str) -> None:
        self.lived.broker.publish(f"ami/{self.name}/command", text, client_id=teller)

    def _at(self, minute: int, act: Any) -> None:
        self.lived.world.at(minute * MINUTE_US, act)


@pytest.mark.long_on_micropython
def test_ping_tells_of_mains(vm: str) -> None:
    # What an outage system asks: and it is told "not known" where nothing senses mains.
    assert Asked(vm, (90, {"do": "ping"})).detail().keys() == {"mains", "uptime_s"}
    assert Asked(vm, (90, {"do": "ping"})).detail()["mains"] is None
    sensed = Asked(vm, (90, {"do": "ping"}), settings={"mains.sense": True})
    assert sensed.detail()["mains"] == 1
    assert 5390 <= sensed.detail()["uptime_s"] <= 5400


def test_read_reads_the_meter_now(vm: str) -> None:
    # The meter is polled once in a quarter-hour; seven minutes later its register is asked for.
    asked = Asked(vm, (67, {"do": "read"}))
    told = asked.detail()
    registers = true_registers(asked.lived)
    at_us = START_S * 1_000_000 + 67 * MINUTE_US
    assert told["time"] - START_S in range(67 * 60 - 1, 67 * 60 + 3)
    for channel in ("electricity_delivered", "water", "gas"):
        assert registers[channel](at_us) <= told[channel] <= registers[channel](at_us + 3_000_000)
    assert audited(asked.lived).closes


def test_status_is_told_again(vm: str) -> None:
    plain, asked = Asked(vm), Asked(vm, (90, {"do": "status"}))
    assert asked.detail() == {}
    assert len(asked.entries("status")) == len(plain.entries("status")) + 1


def test_a_stretch_is_sent_again_and_dropped_as_a_double(vm: str) -> None:
    asked = Asked(vm, (150, {"do": "resend", "after": 0, "upto": 5}))
    assert asked.detail()["oldest"] == 1
    spans = [
        (message["after"], message["upto"])
        for entry in asked.entries("events") + asked.entries("intervals")
        if entry.at_us > 150 * MINUTE_US and entry.at_us < 151 * MINUTE_US
        for message in [json.loads(entry.data)]
    ]
    assert sorted(spans)[0][0] == 0
    assert max(upto for _, upto in spans) <= 5
    books = audited(asked.lived)
    assert books.closes, books.remarks


def test_a_setting_is_stored_and_told_and_holds_from_the_next_start(vm: str) -> None:
    asked = Asked(
        vm,
        (80, {"do": "set", "key": "interval_s", "value": 900}),
        (81, {"do": "set", "key": "mqtt.password", "value": "a secret"}),
        (82, {"do": "set", "key": "interval_s", "value": 901}),
        (83, {"do": "set", "key": "interval", "value": 900}),
        (84, b'{"v":1,"boot":1,"id":5,"do":"set"}'),
        (85, {"do": "reboot"}),
        code_in_flash=True,
    )
    done = [reply.get("done") for reply in asked.replies]
    assert done == ["set", "set", None, None, None, "reboot"]
    assert asked.refusals()[2] == "interval_s: 901 is wrong; must be 900 or 3600"
    assert asked.refusals()[3].startswith("interval: unknown key")
    assert asked.refusals()[4].startswith("None: unknown key")
    events = ledger_of(asked.lived).events(asked.name)
    changes = [event.detail for event in events if event.type == "config_set"]
    assert [change.get("after") for change in changes] == [900, None]
    assert changes[0]["before"] == 3600
    (first, second) = [event for event in events if event.type == "power_up"]
    assert second.detail["asked"] == 2
    periods = {json.loads(entry.data)["period"] for entry in asked.entries("intervals")}
    assert periods == {900, 3600}
    assert not any(b"a secret" in entry.data for entry in asked.entries("events"))


@pytest.mark.skipif(not have_micropython(), reason=NO_MICROPYTHON)
@pytest.mark.parametrize("further", [FULL, {"tariff.registers": True}])
def test_where_the_heap_has_no_room_a_setting_is_stored_by_a_restart(further: dict) -> None:
    # A stock image has its code in the heap; as delivered it has the room.
    asked = Asked(
        "micropython",
        (80, {"do": "set", "key": "water.pulse_num", "value": 0}),
        (81, {"do": "set", "key": "water.pulse_num", "value": 5}),
        settings=further,
    )
    refused, done = asked.replies
    assert refused["refused"].startswith("water.pulse_num: 0 is wrong")
    assert done["done"] == "set"
    assert done["detail"] == {"restart": 2}
    events = ledger_of(asked.lived).events(asked.name)
    assert [event.type for event in events].count("power_up") == 2
    (change,) = [event.detail for event in events if event.type == "config_set"]
    assert (change["source"], change["after"]) == (1, 5)
    assert (audited(asked.lived).lost, audited(asked.lived).doubled) == (0, 0)


def test_none_is_carried_out_twice(vm: str) -> None:
    # Recorded and played again, of another boot, with an older number, and unknown ones.
    ping = b'{"v":1,"boot":1,"id":1,"do":"ping"}'
    asked = Asked(
        vm,
        (60, ping),
        (61, ping),
        (62, b'{"v":1,"boot":2,"id":9,"do":"reboot"}'),
        (63, b'{"v":1,"boot":1,"id":4,"do":"dance"}'),
        (64, b'{"v":1,"boot":1,"id":3,"do":"reboot"}'),
    )
    assert asked.refusals() == [
        "",
        "id: must be above 1",
        "boot: this is boot 1",
        "do: must be one of ping status read outages resend time leak valve set reboot",
        "id: must be above 4",
    ]
    assert len(asked.lived.collector.lives) == 1


def test_the_technicians_time_is_believed(vm: str) -> None:
    asked = Asked(vm, (90, {"do": "time", "unix_s": START_S + 90 * 60 + 3600}))
    assert asked.detail()["time"] - START_S in range(9000, 9012)


@pytest.mark.long_on_micropython
def test_a_flood_does_not_stop_metering(vm: str) -> None:
    # Twelve hundred in twenty minutes, garbage and good ones: the books are the same.
    flood = [
        (60 + place // 30, b'{"v":1,"boot":1,"id":%d,"do":"status"}' % (place + 1))
        for place in range(600)
    ]
    garbage = [(60 + place // 30, bytes([place % 256]) * 200) for place in range(600)]
    asked = Asked(vm, *flood, *garbage)
    books = audited(asked.lived)
    assert books.closes, books.remarks
    assert len(asked.lived.collector.lives) == 1


@pytest.mark.long_on_micropython
def test_the_last_five_outages_are_read_out_of_the_journal(vm: str) -> None:
    # Seven, of which a battery lives through all but the fourth; the newest is told first, and of
    # the one that is not over only when it began.
    begin_min = (10, 20, 30, 40, 70, 80, 90)
    faults = [Fault(minute * MINUTE_US, "mains", (minute + 2) * 1_000_000) for minute in begin_min]
    faults[3] = Fault(40 * MINUTE_US, "mains", 8 * MINUTE_US)
    asked = Asked(
        vm,
        (20, {"do": "ping"}),
        (91, {"do": "outages", "boot": 2}),
        settings={"mains.sense": True},
        faults=tuple(faults),
        hold_up_us=3 * MINUTE_US,
    )
    detail = asked.replies[-1]["detail"]
    assert len(detail) == 15
    for place, fault in enumerate(reversed(faults[2:]), 1):
        lost_s = START_S + fault.at_us // 1_000_000
        assert abs(detail[f"lost_{place}"] - lost_s) <= 1
        if place == 1:
            assert (detail["back_1"], detail["lasted_s_1"]) == (None, None)
        else:
            lasted_s = fault.lasting_us // 1_000_000
            assert abs(detail[f"back_{place}"] - lost_s - lasted_s) <= 1
            assert abs(detail[f"lasted_s_{place}"] - lasted_s) <= 1


def test_without_an_outage_there_is_none_to_tell(vm: str) -> None:
    assert Asked(vm, (90, {"do": "outages"})).detail() == {}
