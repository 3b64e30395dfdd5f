"""What is held against the contract, and that what breaks it is found."""

import copy
import json
from typing import Any

import pytest

import tools.firmware_path  # noqa: F401  (the next imports are the firmware's)
from host_sim.trace import Trace
from lib import events, payload
from tests import contract
from tests.overheard import Overheard
from tests.tools.deliveries import NOW_S, status
from tests.tools.rate_plans import city, schedules
from tests.tools.test_asyncapi import MESSAGES, declared
from tools.headend import answers
from tools.headend.almanac import Almanacs
from tools.headend.ledger import Ledger

CHANNEL_OF = {"birth": "status", "will": "status", "done": "reply", "refused": "reply"}
ELECTRICITY = ("channels", "electricity_delivered")
DETAIL = ("events", 0, "detail")

MUTATIONS = [
    ("birth", ("boot",), "7"),
    ("birth", ("boot",), 7.0),
    ("birth", ("boot",), True),
    ("birth", ("acked",), -1),
    ("birth", ("time",), 0),
    ("birth", ("v",), 2),
    ("birth", ("state",), "asleep"),
    ("birth", ("modbus_timeouts",), None),
    ("birth", ("tariff",), 3),
    ("birth", ("uptime",), 5),
    ("will", ("time",), 1772409605),
    ("intervals", ("start",), 1772409601),
    ("intervals", ("since_boot",), 0),
    ("intervals", ("period",), 1800),
    ("intervals", ("seq",), []),
    ("intervals", ("seq", 0), 120),
    ("intervals", ("seq", 2), 122),
    ("intervals", ("historical",), False),
    ("intervals", ("upto",), 123),
    ("intervals", (*ELECTRICITY, "unit"), "kWh"),
    ("intervals", (*ELECTRICITY, "open"), -1),
    ("intervals", (*ELECTRICITY, "delta"), [512, 828]),
    ("intervals", (*ELECTRICITY, "delta", 0), -512),
    ("intervals", (*ELECTRICITY, "delta", 0), 512.5),
    ("intervals", (*ELECTRICITY, "quality", 1), 256),
    ("intervals", (*ELECTRICITY, "quality", 1), None),
    ("intervals", ("channels", "heat"), {"unit": "Wh", "open": 0, "delta": [1, 2, 3]}),
    ("events", ("events",), []),
    ("events", ("events", 0, "type"), "power_down"),
    ("events", ("events", 0, "type"), "clock_set"),
    ("events", ("events", 0, "type"), "event_99"),
    ("events", ("events", 0, "boot"), None),
    ("events", ("events", 0, "time"), -5),
    ("events", ("events", 0, "reason"), 1),
    ("events", (*DETAIL, "cause"), 6),
    ("events", (*DETAIL, "kept"), 1),
    ("events", (*DETAIL, "damaged"), -1),
    ("events", (*DETAIL, "p9"), 0),
    ("readings", ("time",), 0),
    ("readings", ("power_w",), 105.5),
    ("readings", ("registers",), None),
    ("readings", ("registers", "gas"), None),
    ("readings", ("registers", "gas"), -1),
    ("readings", ("registers", "heat"), 5),
    ("ack", ("upto",), -1),
    ("ack", ("upto",), "125"),
    ("time", ("unix_s",), 1772409605.5),
    ("time", ("unix_s",), None),
    ("tariff", ("days",), [1]),
    ("tariff", ("rows", 0, 0), 97),
    ("tariff", ("start",), 1772409601),
    ("tariff", ("name",), "E-1"),
    ("command", ("id",), 0),
    ("command", ("do",), "resend"),
    ("command", ("do",), "dance"),
    ("command", ("after",), 120),
    ("done", ("detail",), [5]),
    ("done", ("detail", "uptime_s"), True),
    ("done", ("detail", "uptime_s"), {}),
    ("done", ("refused",), "no"),
    ("refused", ("refused",), ""),
    ("refused", ("detail",), {}),
]


def first_of(name: str) -> Any:
    """A message as the contract shows it."""
    return copy.deepcopy(MESSAGES[name]["examples"][0]["payload"])


def found(name: str, message: Any) -> list[str]:
    topic = f"ami/pk-246f28a1b2c3/{CHANNEL_OF.get(name, name)}"
    return contract.problems(topic, json.dumps(message).encode())


@pytest.mark.parametrize(("name", "path", "value"), MUTATIONS)
def test_a_changed_message_is_refused(name: str, path: tuple, value: Any) -> None:
    message = first_of(name)
    assert found(name, message) == []
    place = message
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert found(name, message)


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_without_one_of_its_keys_is_refused(name: str) -> None:
    optional = {key for key in first_of(name) if key.endswith("_bounces")} | {"power_w"}
    for key in first_of(name).keys() - optional:
        message = first_of(name)
        del message[key]
        assert found(name, message), key


def test_what_is_wrong_is_told_in_words() -> None:
    message = first_of("events")
    message["events"][1]["detail"]["source"] = 9
    assert found("events", message) == [
        "events/events/1/detail/source: 9 is greater than the maximum of 4"
    ]
    message = first_of("intervals")
    message["channels"]["gas"]["delta"].append(1)
    assert found("intervals", message) == ["intervals: delta has 4 entries, seq has 3"]
    assert contract.problems("ami/H1/status", b"{}") == ["ami/H1/status: no such channel"]
    assert contract.problems("ami/h1/ack", b'{"v":1,"upto":') != []
    twice = b'{"v":1,"upto":1,"upto":2}'
    assert contract.problems("ami/h1/ack", twice) == ["ack: a key is there twice"]


@pytest.mark.parametrize("kind", declared())
def test_every_event_that_the_firmware_packs_is_a_message(kind: int) -> None:
    word, names = declared()[kind]
    properties = contract.document()["components"]["schemas"][word].get("properties", {})
    schemas = contract.inlined(properties, contract.document())
    least = [schemas[name].get("minimum", -5) for name in names]
    if word == "power_up":
        least[2] = 1  # `kept`: what stands behind it is there
    _, _, told, detail = events.unpack(events.pack(kind, 7, NOW_S, tuple(least)))
    batch = payload.EventBatch(payload.writer())
    assert batch.add(9, 7, NOW_S, told, detail)
    assert contract.problems("ami/h1/events", bytes(batch.text(7, 8, 9))) == []


def test_what_the_head_end_answers_is_right() -> None:
    ledger = Ledger(tariff=Almanacs(schedules(city(version=3))))
    asked = ledger.receive("ami/h1/status", status(time=None, tariff=0, tariff_until=0), NOW_S)
    assert [topic for topic, _ in asked] == ["ami/h1/time", "ami/h1/tariff"]
    for topic, text in [*asked, answers.ack("h1", 0), answers.ack("h1", 2**32 - 1)]:
        assert contract.problems(topic, text) == []


def test_a_wrong_message_in_a_simulation_is_overheard(overheard: Overheard) -> None:
    # The net that conftest.py spreads under every test holds; a stranger may say anything.
    trace = Trace()
    trace.add(0, "program journal", b"\0")
    trace.add(1, "publish h1 ami/h1/status", b'{"v":1,"state":"offline","boot":7}')
    trace.add(2, "publish stranger ami/h1/ack", b"nonsense")
    assert overheard.take() == []
    trace.add(3, "publish head-end ami/h1/ack", b'{"v":1,"upto":-1}')
    trace.add(4, "publish ami/h1/status", b'{"v":1,"state":"offline"}')
    assert len(overheard.take()) == 2 and overheard.take() == []
    assert len(trace.entries) == 5


def sensor(**changed: Any) -> bytes:
    """A text for Home Assistant, complete but for what is changed; None: left out."""
    device = {"ids": "pk-1", "name": "pk-1", "mdl": "bench", "mf": "Pulsekeep", "sw": "1"}
    text = {
        "~": "ami/pk-1",
        "name": "Water",
        "uniq_id": "pk-1_water",
        "stat_t": "~/readings",
        "avty_t": "~/status",
        "avty_tpl": "{{ value_json.state }}",
        "val_tpl": "{{ value_json.registers.water | default(None) }}",
        "dev_cla": "water",
        "stat_cla": "total",
        "unit_of_meas": "L",
        "exp_aft": 180,
        "dev": device,
    }
    text |= changed
    return json.dumps({key: value for key, value in text.items() if value is not None}).encode()


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        ("homeassistant/sensor/pk-1/config", sensor()),
        ("homeassistant/water/pk-1/water/config", sensor()),
        ("homeassistant/status", b"online"),
        ("homeassistant/sensor/pk-1/water/config", b"{"),
        ("homeassistant/sensor/pk-1/water/config", sensor(exp_aft=None)),
        ("homeassistant/sensor/pk-1/water/config", sensor(colour="blue")),
        ("homeassistant/sensor/pk-1/water/config", sensor(dev={"ids": "pk-1"})),
        ("homeassistant/sensor/pk-2/water/config", sensor()),
    ],
)
def test_a_text_that_is_nothing_for_home_assistant_is_refused(topic: str, text: bytes) -> None:
    # Its contract is not ours, but what we say there has its form, and speaks of ourselves.
    assert contract.problems("homeassistant/sensor/pk-1/water/config", sensor()) == []
    assert len(contract.problems(topic, text)) >= 1
