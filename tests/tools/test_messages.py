"""A bad message is refused whole, with one clear line and a count; never a traceback."""

import copy
import json
import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.headend.ledger import Ledger
from tools.headend.messages import Delivery, Interval, MessageError, Status, parse

INTERVALS = {
    "v": 1,
    "boot": 7,
    "after": 120,
    "upto": 145,
    "start": 1772323200,
    "period": 3600,
    "seq": [121, 123, 124],
    "historical": 1,
    "channels": {
        "electricity_delivered": {"unit": "Wh", "open": 4321900, "delta": [512, 430, 398]},
        "water": {"unit": "L", "open": 10020, "delta": [3, None, 12], "quality": [1, 0, 0]},
    },
}
EVENTS = {
    "v": 1,
    "boot": 7,
    "after": 145,
    "upto": 149,
    "events": [
        {
            "seq": 146,
            "boot": 7,
            "time": 1772323205,
            "type": "power_up",
            "detail": {"cause": 1, "damaged": 0, "kept": 0},
        },
        {
            "seq": 149,
            "boot": 7,
            "time": None,
            "type": "records_lost",
            "detail": {"first": 1, "last": 2},
        },
    ],
}
STATUS = {
    "v": 1,
    "state": "online",
    "boot": 7,
    "time": 1772323205,
    "firmware": "0.1.0",
    "board": "esp32_devkit",
    "heap_free": 31200,
    "heap_low": 29808,
    "acked": 9,
    "newest": 12,
}
TOPICS = {"intervals": INTERVALS, "events": EVENTS, "status": STATUS}


def test_intervals_are_read_as_the_contract_says():
    message = parse("ami/h-1/intervals", json.dumps(INTERVALS).encode())
    assert isinstance(message, Delivery)
    assert (message.collector, message.after, message.upto, message.historical) == (
        "h-1",
        120,
        145,
        True,
    )
    assert message.intervals[2] == Interval(
        "electricity_delivered", "Wh", 124, 7, 1772330400, 3600, 4322842, 398, 0
    )
    # No value: flagged missing whether the collector said so or not; the register stands still.
    assert message.intervals[4] == Interval("water", "L", 123, 7, 1772326800, 3600, 10023, None, 8)
    assert message.intervals[5].open == 10023


def test_status_and_events_are_read():
    status = parse("ami/h1/status", json.dumps(STATUS).encode())
    assert isinstance(status, Status) and (status.online, status.boot, status.acked) == (
        True,
        7,
        9,
    )
    message = parse("ami/h1/events", json.dumps(EVENTS).encode())
    assert isinstance(message, Delivery)
    assert [(event.seq, event.time_s) for event in message.events] == [
        (146, 1772323205),
        (149, None),
    ]


def changed(kind: str, path: list, value) -> bytes:
    data = copy.deepcopy(TOPICS[kind])
    place = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return json.dumps(data).encode()


WATER = ["channels", "water"]
BAD = [
    ("intervals", ["v"], 2, "version 2 is not known"),
    ("intervals", ["boot"], True, "boot must be an integer"),
    ("intervals", ["boot"], 7.0, "7.0 is not an integer"),
    ("intervals", ["boot"], float("nan"), "NaN is not an integer"),
    ("intervals", ["start"], -1, "start is out of range"),
    ("intervals", ["start"], 2**62, "start is out of range"),
    ("intervals", ["period"], 0, "period is out of range"),
    ("intervals", ["after"], 200, "after 200 is beyond upto 145"),
    ("intervals", ["after"], 121, "seq is out of range"),
    ("intervals", ["upto"], 123, "seq is out of range"),
    ("intervals", ["upto"], "145", "upto must be an integer"),
    ("intervals", ["seq"], [121, 121, 124], "seq must rise"),
    ("intervals", ["seq"], [121, 123], "delta has 3 entries, seq has 2"),
    ("intervals", ["seq"], None, "seq must be a list"),
    ("intervals", ["historical"], 2, "historical is out of range"),
    ("intervals", ["channels"], [], "channels must be an object"),
    ("intervals", ["channels", "Bad name"], {}, "bad channel 'Bad name'"),
    ("intervals", [*WATER, "unit"], "m³", "water: bad unit"),
    ("intervals", [*WATER, "open"], -5, "open is out of range"),
    ("intervals", [*WATER, "open"], 2**62, "water: register is out of range"),
    ("intervals", [*WATER, "delta"], [3, -1, 12], "water: delta is out of range"),
    ("intervals", [*WATER, "delta"], [3, "4", 12], "water: delta must be an integer"),
    ("intervals", [*WATER, "quality"], [0, 0], "quality has 2 entries"),
    ("intervals", [*WATER, "quality"], [0, 0, 256], "quality is out of range"),
    ("events", ["events"], {}, "events must be a list"),
    ("events", ["events", 0], 5, "an event must be an object"),
    ("events", ["events", 0, "seq"], 145, "seq is out of range"),
    ("events", ["events", 0, "seq"], 149, "seq must rise"),
    ("events", ["events", 0, "type"], "Ünknown", "event 146: bad type"),
    ("events", ["events", 0, "detail"], {"a": {"b": 1}}, "event 146: detail is nested too deep"),
    ("events", ["events", 1, "detail"], {"first": 1}, "last is not there"),
    ("events", ["events", 1, "detail"], {"first": 3, "last": 2}, "loss ends before it begins"),
    ("status", ["state"], "asleep", "state must be online or offline"),
    ("status", ["acked"], -1, "acked is out of range"),
]
BAD_BYTES = [
    (b"", "not JSON"),
    (b"{", "not JSON"),
    (b"\xff\xfe", "not JSON"),
    (b"[1]", "not a JSON object"),
    (b'{"v":1,"v":1}', "a key is there twice"),
    (b'{"v":' + b"9" * 5000 + b"}", "not JSON"),
    (b'{"v":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "not JSON"),
    (b" " * 262_145, "262145 bytes, 262144 are allowed"),
]


@pytest.mark.parametrize(("kind", "path", "value", "line"), BAD)
def test_each_broken_rule_has_its_line(kind, path, value, line):
    with pytest.raises(MessageError, match=line.replace("(", r"\(")):
        parse(f"ami/h1/{kind}", changed(kind, path, value))


@pytest.mark.parametrize(("payload", "line"), BAD_BYTES)
def test_bytes_that_are_no_message(payload, line):
    with pytest.raises(MessageError, match=line):
        parse("ami/h1/intervals", payload)


@pytest.mark.parametrize(
    "topic", ["", "ami/h1", "ami/H1/events", "ami/h1/ack", "x/h1/events", "ami//status"]
)
def test_foreign_topics_are_refused(topic):
    with pytest.raises(MessageError, match="not a topic"):
        parse(topic, json.dumps(STATUS).encode())


def test_a_refused_message_leaves_nothing_behind(caplog):
    # The last delta is bad: the good ones before it must not be half a message in the books.
    ledger = Ledger()
    bad = changed("intervals", [*WATER, "delta"], [1, 2, -3])
    with caplog.at_level(logging.WARNING):
        assert ledger.receive("ami/h1/intervals", bad, 0) == []
    assert caplog.messages == ["refused ami/h1/intervals: water: delta is out of range"]
    books = ledger.books("h1")
    assert (books.channels, books.watermark, books.waiting, books.refused) == ({}, 0, [], 1)
    ledger.receive("ami/h1/intervals", json.dumps(INTERVALS).encode(), 0)
    assert ledger.books("h1").kept == 5


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5))
KEYS = st.sampled_from(["v", "boot", "seq", "delta", "unit", "open", "events", "type", "detail"])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
)


def paths(data, here=()):
    """Every place in a document."""
    yield here
    inner = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    for key, value in inner:
        yield from paths(value, (*here, key))


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(TOPICS)), st.data())
def test_no_change_of_a_good_message_gives_a_traceback(kind, data):
    # Every value of a good message replaced by anything: stored and acknowledged, or refused.
    path = data.draw(st.sampled_from([path for path in paths(TOPICS[kind]) if path]))
    payload = changed(kind, list(path), data.draw(VALUES))
    ledger = Ledger()
    ledger.receive(f"ami/h1/{kind}", payload, 0)
    books = ledger.books("h1")
    assert books.refused in (0, 1)
    if books.refused:
        assert (books.kept, books.watermark, books.online, ledger.events("h1")) == (0, 0, None, [])


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(TOPICS)), st.data())
def test_no_damage_to_the_bytes_gives_a_traceback(kind, data):
    raw = bytearray(json.dumps(TOPICS[kind]).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(raw[: data.draw(st.integers(0, len(raw)))])
    ledger = Ledger()
    ledger.receive(f"ami/h1/{kind}", cut, 0)
    ledger.receive(f"ami/h1/{kind}", bytes(raw), 0)
    ledger.books("h1")


@given(st.text(max_size=30), st.binary(max_size=60))
def test_noise_gives_no_traceback(topic, payload):
    ledger = Ledger()
    assert ledger.receive(topic, payload, 0) == []
    assert ledger.books("-").refused == 1
