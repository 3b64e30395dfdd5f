"""Events in the words of other systems: end device event types of the CIM (IEC 61968-9).

A code is device type, domain, subdomain, event: 10 is a collector, 3 an electricity meter, 0 does
not say which. The numbers are those that public head-ends use: Honeywell Connexo's
EndDeviceEventTypeFactory (commit 020bd971ce52), which composes them the same way.
"""

from collections.abc import Mapping

Code = tuple[int, int, int, int]

OTHER: Code = (0, 0, 0, 0)
CODES: dict[str, Code] = {
    "power_up": (10, 26, 38, 49),
    "mains_lost": (10, 26, 0, 85),
    "mains_back": (10, 26, 0, 216),
    "clock_set": (10, 36, 116, 24),
    "clock_doubted": (10, 36, 114, 35),
    "config_set": (10, 7, 31, 24),
    "config_rejected": (10, 7, 31, 85),
    "meter_silent": (3, 1, 0, 79),
    "meter_answers": (3, 1, 0, 216),
    "meter_changed": (3, 10, 74, 17),
    "meter_swapped": (0, 10, 74, 17),
    "reading_held": (3, 21, 67, 79),
    "reading_trusted": (3, 21, 67, 216),
    "pulses_held": (0, 21, 67, 79),
    "pulses_trusted": (0, 21, 67, 216),
    "input_fault": (0, 12, 43, 257),
    "input_good": (0, 12, 43, 291),
    "backflow": (0, 12, 6, 219),
    "task_failed": (10, 11, 83, 79),
    "records_lost": (10, 18, 72, 79),
    "journal_recovered": (10, 18, 72, 216),
    "tariff_set": (10, 20, 121, 4),
    "tariff_refused": (10, 20, 121, 85),
    "tariff_period": (10, 20, 121, 24),
    "day_closed": (10, 20, 43, 44),
    "period_registers": (10, 20, 43, 44),
    "demand": (10, 8, 0, 44),
    "export_unapproved": (3, 15, 261, 139),
    "export_above": (3, 15, 261, 139),
    "export_within": (3, 15, 261, 216),
    "voltage_over": (3, 26, 79, 216),
    # those lists know of no leak and no valve, nor of a technician's work
    "leak_began": OTHER,
    "leak_ended": OTHER,
    "valve_moved": OTHER,
    "valve_checked": OTHER,
    "register_opened": OTHER,
    "collector_reset": OTHER,
    "pulses_proven": OTHER,
    "commissioned": OTHER,
}
_VOLTAGE_OUT = {
    1: (3, 26, 79, 223),
    2: (3, 26, 79, 248),
    3: (3, 26, 25, 85),
}  # sag, swell, phase failure


def code(word: str, detail: Mapping[str, object]) -> Code:
    """Of an event as the collector tells it; `OTHER` where the CIM has none that fits."""
    if word == "voltage_out":
        return _VOLTAGE_OUT.get(_whole(detail.get("kind")), OTHER)
    return CODES.get(word, OTHER)


def text(code: Code) -> str:
    """As other systems write it, with dots."""
    return ".".join(map(str, code))


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
