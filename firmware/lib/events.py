"""Events: what happened beside the flow, as small records and as words on the wire."""

import struct

from lib import varint

HEAD = "<BHI"  # type, boot, unix seconds (0: not known)
_HEAD_BYTES = 7

POWER_UP = 1
CLOCK_SET = 2
CONFIG_REJECTED = 3
METER_SILENT = 4
METER_ANSWERS = 5
READING_HELD = 6
TASK_FAILED = 7
RECORDS_LOST = 8
JOURNAL_RECOVERED = 9
READING_TRUSTED = 10
METER_CHANGED = 11
PULSES_HELD = 12
PULSES_TRUSTED = 13
INPUT_FAULT = 14
INPUT_GOOD = 15
BACKFLOW = 16
MAINS_LOST = 17
MAINS_BACK = 18
CLOCK_DOUBTED = 19
DAY_CLOSED = 20
TARIFF_SET = 21
TARIFF_REFUSED = 22
TARIFF_PERIOD = 23
PERIOD_REGISTERS = 24
DEMAND = 25
EXPORT_UNAPPROVED = 26
EXPORT_ABOVE = 27
EXPORT_WITHIN = 28
CONFIG_SET = 29
LEAK_BEGAN = 30
LEAK_ENDED = 31
VOLTAGE_OUT = 32
VOLTAGE_OVER = 33

# What somebody should know before all that waits to be told.
ALARMS = (
    METER_SILENT,
    METER_CHANGED,
    INPUT_FAULT,
    BACKFLOW,
    EXPORT_UNAPPROVED,
    TASK_FAILED,
    LEAK_BEGAN,
    LEAK_ENDED,
    VOLTAGE_OUT,
)

# The type's number, its word on the wire, and the names of its integers. One text: as tables it
# takes three times the heap.
_TYPES = """
1 power_up cause damaged kept asked uptime_s before
2 clock_set moved_s source uptime_s
3 config_rejected problems
4 meter_silent address
5 meter_answers address silent_s
6 reading_held channel reading why register
7 task_failed task
8 records_lost first last
9 journal_recovered refused
10 reading_trusted channel reading refused
11 meter_changed channel offset before
12 pulses_held channel pulses elapsed_s
13 pulses_trusted channel held
14 input_fault channel fault
15 input_good channel
16 backflow channel pulses
17 mains_lost
18 mains_back lasted_s lost_s back_s restarts class meter
19 clock_doubted off_s
20 day_closed electricity_delivered electricity_received water gas residual
21 tariff_set version until
22 tariff_refused version reason
23 tariff_period period start version assumed
24 period_registers channel register apart until p0 p1 p2 p3 p4 p5 p6 p7
25 demand month delivered_w delivered_at received_w received_at left_out
26 export_unapproved energy_wh
27 export_above power_w approved_w
28 export_within lasted_s peak_w
29 config_set source key before after
30 leak_began channel rule lasted_s rate volume paused
31 leak_ended channel rule lasted_s rate volume cleared
32 voltage_out phase kind dv
33 voltage_over phase kind lasted_s worst_dv
"""


def pack(kind: int, boot: int, unix_s: int | None, values: tuple) -> bytes:
    """An event's payload; values are integers, signed ones too (zigzag)."""
    head = struct.pack(HEAD, kind, boot & 0xFFFF, unix_s or 0)
    return varint.pack(head, [varint.zigzag(value) for value in values])


def unpack(payload: bytes) -> tuple:
    """(boot, unix seconds or None, word, ((name, value), ...)) of an event's payload."""
    kind, boot, unix_s = struct.unpack_from(HEAD, payload)
    words = _words(kind)
    place = _HEAD_BYTES
    detail = []
    for name in words[1:]:
        if place >= len(payload):
            break
        value, place = varint.get(payload, place)
        detail.append((name, varint.signed(value)))
    return boot, unix_s or None, words[0], tuple(detail)


def _words(kind: int) -> list:
    """The word and the names of a type; of one that is not known, its number."""
    start = _TYPES.find("\n%d " % kind)
    if start < 0:
        return ["event_%d" % kind]
    end = _TYPES.find("\n", start + 1)
    return _TYPES[start:end].split()[1:]
