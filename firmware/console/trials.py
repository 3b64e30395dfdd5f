"""What was tried of an installation, and what of it can only be seen over some time."""

from micropython import const

from books import CHANNELS
from lib import events

_HELD = (
    "",
    "it fell: a reset, or another meter? 'swap'",
    "it jumped: another model, or its rating? 'identify'",
    "another serial number than meter.serial: 'meter' shows it",
)
_STARTS_MAX = const(5)  # of them, with a start each; a good supply has fewer
_ERRORS_SHARE = const(20)  # one request in so many may fail


def judge(site, tried: dict, requests: int, errors: int, found: dict) -> None:
    """Put what to do into `found`, by name, or None where it is good. tried: of console/past.py;
    requests, errors: of console/polls.py.
    """
    starts = len(tried[events.POWER_UP])
    told = "%d starts that nobody asked for: a loose contact?" % starts
    found["supply"] = told if starts > _STARTS_MAX else None
    if site.collector.meter:
        for why in tried[events.READING_HELD].values():
            found["meter_values"] = "what it shows is not believed: %s" % _HELD[why]
        is_bad = not requests or errors * _ERRORS_SHARE > requests
        told = "%d of %d requests failed: length, termination, polarity?" % (errors, requests)
        found["meter_line"] = told if is_bad else None
    for count in site.pulses.counts:
        name = CHANNELS[count.place][0]
        found[name] = found[name] or _proof(name, tried[events.PULSES_PROVEN].get(count.place))


def _proof(name: str, fits) -> str | None:
    if fits is None:
        return "not proven: 'dial %s' with what it shows, let something flow, again" % name
    return None if fits else "dial and pulses differ: %s.pulse_num, pulse_den?" % name
