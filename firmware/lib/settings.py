"""The collector's configuration: one table of keys, and the validation of a text against it.

The configuration is a flat JSON object. Only what differs from the defaults is stored. `parse`
never fails: a wrong value falls back to its default and is reported in one line that names the
key, what is wrong and what is allowed. A host program refuses a text with any problem; the
board runs on with the defaults and reports.
"""

import json

from lib.jsontext import JsonWriter, load_object

MAX_BYTES = 2048
_INT_MAX, _WH_MAX = 0x3FFFFFFF, 10**15  # a small integer on a 32-bit board; plenty
_PROGRAMS = ("unknown", "none", "nem", "successor")
_REVERSE = ("none", "direction", "pulses")
_NTP_HOSTS = "pool.ntp.org,time.google.com,time.cloudflare.com"  # of three operators
_LIVE_S = (0, 10, 15, 20, 30, 60, 120, 300, 900, 3600)
_BAUDS = (0, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)

# Types and their limits. "integer": lowest and highest. "choice": the values. All others:
# shortest and longest, in bytes of UTF-8: "text", "secret" (never shown), "name" (only a-z, 0-9
# and -), "file" (_ too), "rules" (lib/leak_rules.py) and "date" (or empty).
# (key, type, default, limits)
KEYS = (
    ("collector.id", "name", "", (0, 32)),  # name in topics; empty: made from the chip's id
    ("wifi.ssid", "text", "", (0, 32)),  # wireless network; empty: no network
    ("wifi.password", "secret", "", (0, 63)),  # password of the wireless network
    ("mqtt.host", "text", "", (0, 64)),  # broker's name or address; empty: no uplink
    ("mqtt.port", "integer", 1883, (1, 65535)),  # broker's port
    ("mqtt.user", "text", "", (0, 64)),  # user at the broker; empty: anonymous
    ("mqtt.password", "secret", "", (0, 64)),  # password at the broker
    ("mqtt.tls", "choice", False, (False, True)),  # TLS, with a broker that must prove itself
    ("mqtt.keepalive_s", "integer", 300, (10, 3600)),  # longest silence towards the broker
    ("mqtt.acknowledge", "choice", "head-end", ("head-end", "broker")),  # who confirms records
    ("mqtt.message_bytes", "integer", 1400, (600, 8192)),  # longest message
    ("mqtt.live_s", "choice", 0, _LIVE_S),  # what is shown now is told once in so long; 0: never
    ("homeassistant", "choice", False, (False, True)),  # whether it finds the meters by itself
    ("ntp.host", "text", _NTP_HOSTS, (1, 128)),  # time servers, separated by commas
    ("clock.battery", "choice", False, (False, True)),  # whether a DS3231 is wired
    ("meter.profile", "file", "sdm630", (1, 32)),  # model of the electricity meter
    ("meter.address", "integer", 1, (1, 247)),  # Modbus address of the meter
    ("meter.baud_bps", "choice", 0, _BAUDS),  # speed of the line; 0: as the profile says
    ("meter.poll_s", "integer", 60, (1, 3600)),  # time between readings of the meter
    ("meter.timeout_ms", "integer", 300, (20, 5000)),  # longest wait for the meter's answer
    ("meter.rating_w", "integer", 0, (0, 10**8)),  # its highest power; 0: as the profile says
    ("meter.serial", "integer", 0, (0, 10**18)),  # its serial number; 0: any, nothing is compared
    # Wh on a replaced meter at its end, and on its successor at the start; of several, summed
    ("electricity_delivered.closing", "integer", 0, (0, _WH_MAX)),
    ("electricity_delivered.opening", "integer", 0, (0, _WH_MAX)),
    ("electricity_received.closing", "integer", 0, (0, _WH_MAX)),
    ("electricity_received.opening", "integer", 0, (0, _WH_MAX)),
    ("water.pulse_num", "integer", 1, (1, _INT_MAX)),  # one pulse is num/den L of water
    ("water.pulse_den", "integer", 1, (1, 1000000)),  # denominator of the water pulse
    ("water.most_per_min", "integer", 120, (1, 60000)),  # pulses a minute at the highest flow
    # what is shorter is bounce; both 0: a fast contact
    ("water.min_closed_ms", "integer", 0, (0, 10000)),
    ("water.min_open_ms", "integer", 0, (0, 10000)),
    ("water.reverse", "choice", "none", _REVERSE),  # what the reverse input tells
    ("water.opening", "integer", 0, (0, 10**15)),  # register at installation, in L
    ("water.leak", "rules", "day burst=600", (0, 64)),  # rules that find leaks: LEAKS.md
    ("gas.leak", "rules", "", (0, 64)),  # the same for gas, in dm3
    ("gas.pulse_num", "integer", 10, (1, _INT_MAX)),  # one pulse is num/den dm3 of gas
    ("gas.pulse_den", "integer", 1, (1, 1000000)),  # denominator of the gas pulse
    ("gas.most_per_min", "integer", 120, (1, 60000)),  # pulses a minute at the highest flow
    ("gas.min_closed_ms", "integer", 0, (0, 10000)),
    ("gas.min_open_ms", "integer", 0, (0, 10000)),
    ("gas.reverse", "choice", "none", _REVERSE),  # what the reverse input tells
    ("gas.opening", "integer", 0, (0, 10**15)),  # register at installation, in dm3
    ("site.program", "choice", "unknown", _PROGRAMS),  # net metering; none: no export allowed
    ("site.export_w", "integer", 0, (0, 10**8)),  # export that was approved; 0: not told
    ("site.export_s", "integer", 900, (60, 86400)),  # export may be above it for so long
    ("site.voltage_v", "integer", 0, (0, 400)),  # nominal; 0: voltages are not watched
    ("site.since", "date", "", (0, 10)),  # day of the approval
    ("mains.sense", "choice", False, (False, True)),  # whether the mains input is wired
    ("mains.hold_s", "integer", 0, (0, 600)),  # a shorter outage is a dip
    ("tariff.registers", "choice", False, (False, True)),  # whether a tariff's registers are kept
    ("interval_s", "choice", 3600, (900, 3600)),  # length of an interval
    ("checkpoint_s", "integer", 900, (10, 86400)),  # registers are saved at least so often
    ("checkpoint_pulses", "integer", 50, (1, 10000)),  # most pulses a sudden death can lose
)

# checkpoint_pulses at the highest rate lasts for so many seconds at least; below, no look at the
# counters could be soon enough (pulses.py)
_PROMISE_S = 6

_NAME_CHARS = "abcdefghijklmnopqrstuvwxyz0123456789-"
_CHARS = {"name": _NAME_CHARS, "file": _NAME_CHARS + "_"}
_CHARS_TOLD = {"name": ", only a-z, 0-9 and -", "file": ", only a-z, 0-9, - and _"}


def parse(text: bytes) -> tuple:
    """(values, problems): a dict with every key of KEYS, and a list of lines, empty when good."""
    values = {row[0]: row[2] for row in KEYS}
    if len(text) > MAX_BYTES:
        return values, ["configuration has %d bytes; at most %d" % (len(text), MAX_BYTES)]
    data = load_object(text)
    if data is None:
        return values, ["configuration is not a JSON object of keys and values; is it truncated?"]
    problems = []
    rows = {row[0]: row for row in KEYS}
    for key in sorted(data):
        if key not in rows:
            problems.append(unknown(key))
            continue
        problem = _problem(rows[key], data[key])
        if problem:
            problems.append("%s: %s" % (key, problem))
            if key == "mqtt.tls":  # somebody wanted something of it: never in the clear
                values[key] = True
        else:
            values[key] = data[key]
    problems += _keep_promise(values)
    if "water.leak" in data or "gas.leak" in data:
        from lib import leak_rules

        problems += leak_rules.keep(values)
    return values, problems


def dump(values: dict) -> bytes:
    """The text that `parse` turns into `values`: what differs from the defaults, in table order.

    IndexError when it is longer than MAX_BYTES.
    """
    out = JsonWriter(MAX_BYTES)
    separator = "{"
    for key, _, default, _ in KEYS:
        value = values[key]
        if value != default:
            out.put(separator)
            out.pair(key, value)
            separator = ",\n "
    out.put("{}\n" if separator == "{" else "}\n")
    return bytes(out.text())


def is_key(key: object) -> bool:
    """Whether there is such a setting."""
    return any(row[0] == key for row in KEYS)


def unknown(key: object) -> str:
    """That there is none, and which there are near it."""
    return "%s: unknown key%s" % (key, _hint(str(key)))


def changed(values: dict, key: str, value: object) -> bytes:
    """The text of `values` with another `value` for `key`, right or wrong: `parse` says."""
    stored = load_object(dump(values)) or {}
    stored[key] = value
    return json.dumps(stored).encode()


def told(key: str, value) -> tuple:
    """`value` as an event can tell it: a number; a choice among others by its place; a text not at
    all.
    """
    for row in KEYS:
        if row[0] == key and type(value) is int:
            return (value,)
        if row[0] == key and row[1] == "choice":
            return (row[3].index(value),)
    return ()


def is_secret(key: str) -> bool:
    """Whether the value of `key` must not be shown."""
    return any(row[0] == key and row[1] == "secret" for row in KEYS)


def allowed(key: str) -> str:
    """What the value of `key` may be, in words."""
    for row in KEYS:
        if row[0] == key:
            return _allowed(row[1], row[3])
    raise KeyError(key)


def _keep_promise(values: dict) -> list:
    """Raise `checkpoint_pulses` to what can be promised; what was wrong with it."""
    wanted = values["checkpoint_pulses"]
    rate = max(values["water.most_per_min"], values["gas.most_per_min"])
    least = (rate * _PROMISE_S + 59) // 60 + 2
    if wanted >= least:
        return []
    values["checkpoint_pulses"] = least
    told = "checkpoint_pulses: %d is wrong; at %d pulses a minute it must be %d or more"
    return [told % (wanted, rate, least)]


def _problem(row: tuple, value: object) -> str | None:
    """What is wrong with `value`, None when nothing is. The value of a secret is not told."""
    _, kind, _, limits = row
    if kind == "choice":
        good = any(type(value) is type(choice) and value == choice for choice in limits)
    elif kind == "integer":
        good = type(value) is int and limits[0] <= value <= limits[1]
    else:
        good = isinstance(value, str) and limits[0] <= _text_bytes(value) <= limits[1]
        if good and kind in _CHARS:
            good = all(char in _CHARS[kind] for char in str(value))
        elif good and kind == "date":
            good = not value or _is_date(str(value))
    if good:
        return None
    shown = "this value" if kind == "secret" else _shown(value)
    return "%s is wrong; must be %s" % (shown, _allowed(kind, limits))


def _allowed(kind: str, limits: tuple) -> str:
    if kind == "choice":
        return " or ".join([_shown(choice) for choice in limits])
    if kind == "integer":
        return "an integer from %d to %d" % limits
    if kind == "date":
        return "a date such as 2026-03-31, or empty"
    return "a text of %d to %d bytes" % limits + _CHARS_TOLD.get(kind, "")


def _is_date(text: str) -> bool:
    parts = text.split("-")
    if [len(part) for part in parts] != [4, 2, 2]:
        return False
    if not all(digit in "0123456789" for digit in "".join(parts)):
        return False
    year, month, day = [int(part) for part in parts]
    days = 30 + (month + month // 8) % 2
    if month == 2:
        days = 28 if year % 4 or not year % 100 and year % 400 else 29
    return 1 <= month <= 12 and 1 <= day <= days


def _text_bytes(text: str) -> int:
    try:
        return len(text.encode())
    except ValueError:  # half a surrogate pair is no character
        return -1


def _shown(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else text[:37] + "..."


def _hint(key: str) -> str:
    """The keys of the same group, as a hint for a mistyped one."""
    group = key.split(".")[0]
    near = [row[0] for row in KEYS if row[0].split(".")[0] == group]
    return "; this group has " + ", ".join(near) if near else ""
