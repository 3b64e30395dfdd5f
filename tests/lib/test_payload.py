"""MQTT texts: the bytes of the contract, and a batch read back is what was put in."""

import json

from lib import payload
from lib.frame import Interval

T0 = 1772323200
HOUR = 3600
HOUSE = (
    ("electricity_delivered", "Wh"),
    ("electricity_received", "Wh"),
    ("water", "L"),
    ("gas", "dm3"),
)


def two_channels(limit=payload.MESSAGE_BYTES):
    return payload.IntervalBatch((HOUSE[0], HOUSE[2]), payload.writer(limit))


def add(batch, seq, start_s, boot, registers, deltas, qualities, since_boot=False):
    interval = Interval(start_s, HOUR, deltas, qualities, since_boot)
    return batch.add(seq, boot, registers, interval)


def read_back(text):
    """(seq, start, channel) -> (register, delta, quality), from nothing but the message."""
    message = json.loads(bytes(text))
    found = {}
    for name, channel in message["channels"].items():
        register = channel["open"]
        for i, delta in enumerate(channel["delta"]):
            start_s = message["start"] + i * message["period"]
            flags = channel["quality"][i] if "quality" in channel else 0
            found[message["seq"][i], start_s, name] = (register, delta, flags)
            register += delta or 0
    return found


def test_interval_message_of_the_contract():
    batch = two_channels()
    assert add(batch, 121, T0, 7, [4321900, 10020], [512, 3], [0, 1])
    assert add(batch, 123, T0 + HOUR, 7, [4322412, 10023], [430, 0], [0, 0])
    assert add(batch, 124, T0 + 2 * HOUR, 7, [4322842, 10023], [398, 12], [0, 0])
    assert len(batch) == 3
    assert bytes(batch.text(120, 145)) == (
        b'{"v":1,"boot":7,"after":120,"upto":145,"start":1772323200,"period":3600,'
        b'"seq":[121,123,124],"historical":0,"channels":{'
        b'"electricity_delivered":{"unit":"Wh","open":4321900,"delta":[512,430,398]},'
        b'"water":{"unit":"L","open":10020,"delta":[3,0,12],"quality":[1,0,0]}}}'
    )


def test_missing_value_keeps_the_register():
    batch = two_channels()
    add(batch, 1, T0, 7, [100, 5], [None, 1], [8, 0])
    assert add(batch, 2, T0 + HOUR, 7, [100, 6], [40, 2], [16, 0])
    text = bytes(batch.text(0, 2, 1))
    assert b'"delta":[null,40],"quality":[8,16]' in text
    assert b'"historical":1' in text


def test_channel_before_its_first_reading():
    batch = two_channels()
    assert add(batch, 1, T0, 7, [None, 5], [None, 1], [8, 0])
    assert add(batch, 2, T0 + HOUR, 7, [None, 6], [None, 2], [8, 0])
    assert "electricity_delivered" not in json.loads(bytes(batch.text(0, 2)))["channels"]
    assert not add(batch, 3, T0 + 2 * HOUR, 7, [5000, 8], [40, 0], [1, 0])


def test_what_does_not_join():
    batch = two_channels()
    assert add(batch, 1, T0, 7, [100, 5], [10, 1], [0, 0])
    assert not add(batch, 2, T0 + HOUR, 8, [110, 6], [10, 1], [0, 0])  # another boot
    assert not add(batch, 2, T0 + 2 * HOUR, 7, [110, 6], [10, 1], [0, 0])  # an hour is missing
    assert not add(batch, 2, T0, 7, [110, 6], [10, 1], [0, 0])  # the same hour again
    assert not add(batch, 2, T0 + HOUR, 7, [111, 6], [10, 1], [0, 0])  # register jumped
    assert len(batch) == 1
    assert add(batch, 2, T0 + HOUR, 7, (110, 6), (10, 1), (0, 0))
    batch.clear()
    assert len(batch) == 0
    assert add(batch, 3, T0 + 9 * HOUR, 8, [1, 2], [3, 4], [0, 0])
    assert bytes(batch.text(2, 3)).startswith(b'{"v":1,"boot":8,"after":2,"upto":3,"start":')


def test_full_messages_stay_below_the_limit():
    # Forty-five days of four channels, cut into messages: nothing is lost, doubled or too long.
    batch = payload.IntervalBatch(HOUSE, payload.writer())
    registers = [4321900, 0, 10020, 98760]
    expected = {}
    messages = after = 0
    for hour in range(24 * 45):
        seq = 1000 + hour
        deltas = [hour * 37 % 2500, hour * 11 % 300, None if hour % 50 == 49 else hour % 90, 10]
        flags = [0, 0, 8 if deltas[2] is None else 0, 128 if hour > 500 else 0]
        record = (seq, T0 + hour * HOUR, 7, registers, deltas, flags)
        if not add(batch, *record):
            text = batch.text(after, seq - 1)
            # Room is left only where the next record would have brought quality lists along.
            assert 1200 < len(text) <= payload.MESSAGE_BYTES
            assert read_back(text) == expected
            messages += 1
            after = seq - 1
            batch.clear()
            expected.clear()
            assert add(batch, *record)
        for i, (name, _) in enumerate(HOUSE):
            expected[seq, record[1], name] = (registers[i], deltas[i], flags[i])
            registers[i] += deltas[i] or 0
    assert read_back(batch.text(after, 5000)) == expected
    assert 15 < messages < 25


def test_largest_numbers_stay_below_the_limit():
    batch = two_channels(600)
    seq = 0xFFFFFF00
    big = (1 << 63) - 1
    record = (seq, [big, big], [0, 0], [255, 255])
    while add(batch, seq + len(batch), T0 + HOUR * len(batch), *record):
        pass
    assert len(batch) > 5
    assert len(batch.text(seq, 0xFFFFFFFF, 1)) <= 600


def test_record_that_can_never_fit():
    batch = two_channels(200)
    assert not add(batch, 1, T0, 7, [100, 5], [10, 1], [0, 0])
    assert len(batch) == 0


def test_the_time_is_not_known_yet():
    # Hours since the boot are told as such, and never share a message with hours of UTC.
    batch = two_channels()
    assert add(batch, 4, 0, 2, [100, 5], [10, 1], [5, 5], since_boot=True)
    assert add(batch, 5, HOUR, 2, [110, 6], [20, 0], [4, 4], since_boot=True)
    assert not add(batch, 6, 2 * HOUR, 2, [130, 6], [0, 0], [0, 0])
    text = bytes(batch.text(3, 5))
    assert b'"since_boot":0,"period":3600,"seq":[4,5]' in text
    assert b'"start"' not in text
    batch.clear()
    assert add(batch, 6, T0, 2, [130, 6], [0, 0], [1, 1])
    assert b'"start":1772323200' in bytes(batch.text(5, 6))


def test_event_message_of_the_contract():
    batch = payload.EventBatch(payload.writer())
    assert batch.add(146, 7, 1772323205, "power_up", (("cause", 1),))
    assert bytes(batch.text(7, 145, 149)) == (
        b'{"v":1,"boot":7,"after":145,"upto":149,"events":[{"seq":146,"boot":7,'
        b'"time":1772323205,"type":"power_up","detail":{"cause":1}}]}'
    )
    assert batch.add(147, 6, None, "records_lost", (("first", 10), ("last", 80), ("why", None)))
    assert batch.add(148, 7, 1772323206, "config", (("key", 'mqtt."host"'),))
    message = json.loads(bytes(batch.text(8, 145, 149)))
    assert [event["seq"] for event in message["events"]] == [146, 147, 148]
    assert message["events"][1]["time"] is None
    assert message["events"][1]["detail"] == {"first": 10, "last": 80, "why": None}
    assert message["events"][2]["detail"] == {"key": 'mqtt."host"'}
    assert len(batch) == 3


def test_events_stay_below_the_limit():
    batch = payload.EventBatch(payload.writer(600))
    count = 0
    while batch.add(4294967000 + count, 4294967295, 1772323205, "records_lost", (("n", count),)):
        count += 1
        assert len(batch.text(4294967295, 4294967295, 4294967295)) <= 600
    assert count == len(batch) == 5
    message = json.loads(bytes(batch.text(1, 2, 3)))
    assert [event["detail"]["n"] for event in message["events"]] == list(range(count))
    batch.clear()
    assert not batch.add(1, 1, 1, "x" * 600)
    assert len(batch) == 0
    assert batch.add(1, 1, 1, "x")
    assert len(json.loads(bytes(batch.text(1, 0, 1)))["events"]) == 1


def test_what_the_head_end_tells():
    assert payload.told(b'{"v":1,"upto":145}', "upto") == 145
    assert payload.told(b'{"upto":0,"v":1,"later":[1]}', "upto") == 0
    assert payload.told(b'{"v":1,"unix_s":2200000000}', "unix_s") == 2200000000
    assert payload.told(b'{"v":1,"unix_s":2200000000}', "upto") is None
    for text in (
        b"",
        b"145",
        b'{"v":1,"upto":145',
        b'{"v":2,"upto":145}',
        b'{"upto":145}',
        b'{"v":1}',
        b'{"v":1,"upto":-1}',
        b'{"v":1,"upto":4294967296}',
        b'{"v":1,"upto":true}',
        b'{"v":1,"upto":1.0}',
        b'{"v":1,"upto":"145"}',
        b'{"v":1,"upto":145,"x":"' + b"x" * 256 + b'"}',
        b"\xff\xfe",
    ):
        assert payload.told(text, "upto") is None, text
