"""Shipments: every sequence number is covered by exactly one message, in order, whatever lies
between.
"""

import json

from lib import events, frame, payload, record, registers
from lib.shipment import Shipment

CHANNELS = (("electricity_delivered", "Wh"), ("water", "L"))
START_S = 1772409600


class Entry:
    """A record as a cursor hands it out."""

    def __init__(self, seq, kind, payload, boot=1):
        self.seq = seq
        self.kind = kind
        self.payload = payload
        self.boot = boot
        self.missed = 0


def snapshot(seq, boundaries):
    return Entry(
        seq, record.SNAPSHOT, registers.Registers(START_S, boundaries, [0, 0], [0, 0]).pack()
    )


def interval(seq, hour, deltas, boot=1, period_s=3600):
    qualities = [0 if delta is not None else 8 for delta in deltas]
    packed = frame.pack(START_S + hour * 3600, period_s, deltas, qualities, START_S)
    return Entry(seq, *packed, boot)  # as the journal's cursor tells it


def power_up(seq):
    return Entry(seq, record.EVENT, events.pack(events.POWER_UP, 1, START_S, (1, 0)))


def ack(seq):
    return Entry(seq, record.ACK, record.pack_mark(0, 1, 0))


def shipped(entries, after=0, history_upto=0, message_bytes=1400):
    """All messages that these records make, as (word, dict)."""
    shipment = Shipment(CHANNELS, payload.writer(message_bytes))
    shipment.restart(after, history_upto)
    messages = []

    def send():
        word, text = shipment.message(1)
        messages.append((word, json.loads(bytes(text))))
        shipment.clear()

    for entry in entries:
        while not shipment.add(entry):
            assert not shipment.is_empty()
            send()
    if not shipment.is_empty():
        send()
    return messages


def test_messages_join_without_a_hole():
    # Events, intervals and internal records in any mix: each message begins where the last one
    # ended.
    entries = [
        snapshot(1, [1000, 50]), power_up(2), interval(3, 0, [5, 1]), ack(4),
        interval(5, 1, [7, 0]),
        power_up(6), power_up(7), interval(8, 2, [1, 2]),
    ]  # fmt: skip
    messages = shipped(entries)
    assert [word for word, _ in messages] == ["events", "intervals", "events", "intervals"]
    covered = 0
    for _, message in messages:
        assert message["after"] == covered
        covered = message["upto"]
    assert covered == 8
    assert messages[1][1]["seq"] == [3, 5]
    assert messages[1][1]["channels"]["water"] == {"unit": "L", "open": 50, "delta": [1, 0]}
    assert messages[3][1]["channels"]["electricity_delivered"]["open"] == 1012


def test_begins_behind_what_is_acknowledged_with_the_right_registers():
    # After a reconnect the cursor stands at the sector's snapshot; what is acknowledged is only
    # counted along.
    entries = [
        snapshot(1, [1000, 50]),
        interval(2, 0, [5, 1]),
        interval(3, 1, [7, None]),
        interval(4, 2, [1, 9]),
    ]
    ((word, message),) = shipped(entries, after=3)
    assert (word, message["after"], message["upto"], message["seq"]) == ("intervals", 3, 4, [4])
    assert message["channels"]["electricity_delivered"]["open"] == 1012
    assert message["channels"]["water"]["open"] == 51


def test_history_and_present_do_not_share_a_message():
    entries = [snapshot(1, [0, 0]), interval(2, 0, [1, 1]), interval(3, 1, [1, 1])]
    messages = shipped(entries, history_upto=2)
    assert [(message["seq"], message["historical"]) for _, message in messages] == [
        ([2], 1),
        ([3], 0),
    ]


def test_another_boot_or_a_hole_in_time_begins_a_new_message():
    entries = [
        snapshot(1, [0, 0]),
        interval(2, 0, [1, 1]),
        interval(3, 1, [1, 1], boot=2),
        interval(4, 5, [1, 1], boot=2),
    ]
    assert [message["seq"] for _, message in shipped(entries)] == [[2], [3], [4]]


def test_an_interval_keeps_its_length_when_the_setting_has_changed():
    # Hours wait for the broker while a technician asks for quarter-hours: after the restart the
    # hours must not be told as quarter-hours, nor share a message with them.
    entries = [
        snapshot(1, [0, 0]),
        interval(2, 0, [1, 1]),
        interval(3, 1, [1, 1], period_s=900),
        interval(4, 2, [1, 1]),
    ]
    told = [(message["start"], message["period"]) for _, message in shipped(entries)]
    assert told == [
        (START_S, 3600),
        (START_S + 3600, 900),
        (START_S + 7200, 3600),
    ]


def test_a_meter_never_read_is_left_out():
    # Neither zero nor null: the head-end learns of the channel with its first register.
    entries = [snapshot(1, [None, 50]), interval(2, 0, [None, 3])]
    ((_, message),) = shipped(entries)
    assert list(message["channels"]) == ["water"]
    ((_, message),) = shipped([snapshot(1, [None, None]), interval(2, 0, [None, None])])
    assert message["channels"] == {}
    assert message["seq"] == [2]


def test_a_loss_is_told():
    entries = [Entry(9, record.LOSS, record.pack_mark(2, 1, 7, 3))]
    ((word, message),) = shipped(entries, after=2)
    assert word == "events"
    assert message["events"][0]["type"] == "records_lost"
    assert message["events"][0]["detail"] == {"first": 3, "last": 7}


def test_a_long_history_is_cut_into_messages_that_fit():
    entries = [snapshot(1, [0, 0])] + [interval(2 + hour, hour, [hour, 1]) for hour in range(120)]
    messages = shipped(entries, message_bytes=400)
    assert len(messages) > 5
    assert [seq for _, message in messages for seq in message["seq"]] == list(range(2, 122))


def test_records_that_are_gone_are_told_in_their_place():
    # 4 and 5 are damaged in flash: the messages join, and the head-end knows what is lost.
    behind = interval(6, 1, [7, 0])
    behind.missed = 2
    messages = shipped([snapshot(1, [1000, 50]), power_up(2), interval(3, 0, [5, 1]), behind])
    assert [word for word, _ in messages] == ["events", "intervals", "events", "intervals"]
    assert [(m["after"], m["upto"]) for _, m in messages] == [(0, 2), (2, 3), (3, 5), (5, 6)]
    assert messages[2][1]["events"][0]["detail"] == {"first": 4, "last": 5}
    assert messages[2][1]["events"][0]["type"] == "records_lost"


def test_a_register_behind_a_hole_is_unknown_until_the_next_snapshot():
    # What the lost records counted nobody knows: to go on with the old register would be a guess.
    behind = interval(6, 1, [7, 0])
    behind.missed = 2
    entries = [
        snapshot(1, [1000, 50]), interval(2, 0, [5, 1]), behind, interval(7, 2, [8, 0]),
        snapshot(8, [1055, 52]), interval(9, 3, [1, 1]),
    ]  # fmt: skip
    intervals = [m["channels"] for word, m in shipped(entries) if word == "intervals"]
    opens = [channels["electricity_delivered"]["open"] for channels in intervals]
    assert opens == [1000, None, 1055]
    assert intervals[1]["water"] == {"unit": "L", "open": None, "delta": [0, 0]}
