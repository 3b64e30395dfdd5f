"""The messages a collector publishes, checked field by field.

`parse` gives a value the ledger can store without a second look, or raises `MessageError` with one
line that says what is wrong. A message is good as a whole or refused as a whole. Keys it does not
know are ignored, so that a newer collector can say more.
"""

import re
from dataclasses import dataclass
from typing import Any

from tools.headend.message_text import MessageError, decode

# The quality flags that the books look at.
PARTIAL, CLOCK_MOVED, CLOCK_UNTRUSTED, MISSING, DST = 1, 2, 4, 8, 128
# By the numbers that the details of events have for them.
CHANNELS = ("electricity_delivered", "electricity_received", "water", "gas")

_ENTRIES_MAX = 10_000  # intervals or events in one message
_INTEGER_MAX = 2**62  # fits SQLite's integer, with room for a sum
_QUALITY_MAX = 255
_VERSION = 1
_TOPIC = re.compile(r"ami/([a-z0-9-]{1,32})/(status|intervals|events|reply)")
_NAME = re.compile(r"[a-z0-9_]{1,40}")
_UNIT = re.compile(r"[A-Za-z0-9]{1,8}")


@dataclass(frozen=True)
class Interval:
    """One interval of one channel. `delta` None: missing, no value. `open` None: the register is
    not known, since the collector's records before it are damaged. Seconds are unix, UTC; those of
    `since_boot` are counted from the collector's boot, which did not know the time yet."""

    channel: str
    unit: str
    seq: int
    boot: int
    start_s: int
    period_s: int
    open: int | None
    delta: int | None
    quality: int
    since_boot: bool = False


@dataclass(frozen=True)
class Event:
    """Something that happened. `time_s` None: the collector did not know the time."""

    seq: int
    boot: int
    time_s: int | None
    type: str
    detail: dict[str, Any]


@dataclass(frozen=True)
class Delivery:
    """A stretch of the journal: all that concerns us with after < seq <= upto."""

    collector: str
    after: int
    upto: int
    historical: bool
    intervals: tuple[Interval, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Status:
    """A birth or a last will. `acked` is the collector's own cursor, when it tells it. `tariff`:
    the version of its almanac, which ends at `tariff_until_s`; None: it keeps no registers by
    period."""

    collector: str
    online: bool
    boot: int
    acked: int | None
    detail: dict[str, Any]
    tariff: int | None = None
    tariff_until_s: int = 0


@dataclass(frozen=True)
class Reply:
    """What became of a command: `done` is its word, or `refused` says why not."""

    collector: str
    boot: int
    id: int
    done: str | None
    detail: dict[str, Any]
    refused: str | None


Message = Delivery | Status | Reply


def parse(topic: str, payload: bytes) -> Message:
    """The message as a value. Raises `MessageError`."""
    place = _TOPIC.fullmatch(topic)
    if not place:
        raise MessageError("not a topic of a collector")
    collector, kind = place.groups()
    data = decode(payload)
    if _integer(data, "v") != _VERSION:
        raise MessageError(f"version {data['v']} is not known, {_VERSION} is")
    if kind == "status":
        return _status(collector, data)
    if kind == "reply":
        return _reply(collector, data)
    after, upto = _integer(data, "after"), _integer(data, "upto")
    if after > upto:
        raise MessageError(f"after {after} is beyond upto {upto}")
    if kind == "intervals":
        historical = bool(_integer(data, "historical", high=1)) if "historical" in data else False
        return Delivery(collector, after, upto, historical, _intervals(data, after, upto), ())
    return Delivery(collector, after, upto, False, (), _events(data, after, upto))


def collector_of(topic: str) -> str:
    """Whose topic it is; '-' when that can not be told."""
    place = _TOPIC.fullmatch(topic)
    return place[1] if place else "-"


def _status(collector: str, data: dict[str, Any]) -> Status:
    if data.get("state") not in ("online", "offline"):
        raise MessageError("state must be online or offline")
    acked = _integer(data, "acked") if "acked" in data else None
    tariff = _integer(data, "tariff") if "tariff" in data else None
    until_s = _integer(data, "tariff_until") if "tariff_until" in data else 0
    detail = {key: value for key, value in data.items() if _is_scalar(value)}
    boot, online = _integer(data, "boot"), data["state"] == "online"
    return Status(collector, online, boot, acked, detail, tariff, until_s)


def _reply(collector: str, data: dict[str, Any]) -> Reply:
    done, refused = data.get("done"), data.get("refused")
    if isinstance(done, str) == isinstance(refused, str):
        raise MessageError("a reply must have either done or refused, as text")
    detail = _object(data, "detail") if "detail" in data else {}
    if not all(map(_is_scalar, detail.values())):
        raise MessageError("detail must be integers, texts and null")
    return Reply(collector, _integer(data, "boot"), _integer(data, "id"), done, detail, refused)


def _intervals(data: dict[str, Any], after: int, upto: int) -> tuple[Interval, ...]:
    since_boot = "since_boot" in data
    if since_boot and "start" in data:
        raise MessageError("start and since_boot exclude each other")
    boot, start_s = _integer(data, "boot"), _integer(data, "since_boot" if since_boot else "start")
    period_s = _integer(data, "period", low=1)
    seqs = [_checked(seq, "seq", after + 1, upto) for seq in _list(data, "seq")]
    _must_rise(seqs)
    found: list[Interval] = []
    for name, channel in _object(data, "channels").items():
        if not _NAME.fullmatch(name) or not isinstance(channel, dict):
            raise MessageError(f"bad channel {name[:40]!a}")
        unit = channel.get("unit")
        if not isinstance(unit, str) or not _UNIT.fullmatch(unit):
            raise MessageError(f"{name}: bad unit")
        unknown = "open" in channel and channel["open"] is None
        register = None if unknown else _integer(channel, "open")
        deltas = _column(channel, "delta", len(seqs))
        flags = _column(channel, "quality", len(seqs)) if "quality" in channel else [0] * len(seqs)
        for i, (seq, delta, flag) in enumerate(zip(seqs, deltas, flags, strict=True)):
            quality = _checked(flag, "quality", 0, _QUALITY_MAX)
            if delta is None:
                quality |= MISSING
            else:
                _checked(delta, f"{name}: delta", 0, _INTEGER_MAX)
            start = _checked(start_s + i * period_s, "start", 0, _INTEGER_MAX)
            content = (seq, boot, start, period_s, register, delta, quality, since_boot)
            found.append(Interval(name, unit, *content))
            if register is not None:
                register += delta or 0
                _checked(register, f"{name}: register", 0, _INTEGER_MAX)
    return tuple(found)


def _events(data: dict[str, Any], after: int, upto: int) -> tuple[Event, ...]:
    found = []
    for entry in _list(data, "events"):
        if not isinstance(entry, dict):
            raise MessageError("an event must be an object")
        seq = _integer(entry, "seq", after + 1, upto)
        name = entry.get("type")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise MessageError(f"event {seq}: bad type")
        time_s = None if entry.get("time") is None else _integer(entry, "time")
        detail = _object(entry, "detail") if "detail" in entry else {}
        if not all(map(_is_flat, detail.values())):
            raise MessageError(f"event {seq}: detail is nested too deep")
        if name == "records_lost" and _integer(detail, "first") > _integer(detail, "last"):
            raise MessageError(f"event {seq}: loss ends before it begins")
        found.append(Event(seq, _integer(entry, "boot"), time_s, name, detail))
    _must_rise([event.seq for event in found])
    return tuple(found)


def _is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, int | str)


def _is_flat(value: Any) -> bool:
    return _is_scalar(value) or (isinstance(value, list) and all(map(_is_scalar, value)))


def _checked(value: Any, name: str, low: int, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise MessageError(f"{name} must be an integer")
    if not low <= value <= high:
        raise MessageError(f"{name} is out of range")
    return value


def _integer(data: dict[str, Any], key: str, low: int = 0, high: int = _INTEGER_MAX) -> int:
    if key not in data:
        raise MessageError(f"{key} is not there")
    return _checked(data[key], key, low, high)


def _list(data: dict[str, Any], key: str) -> list[Any]:
    value = data.get(key)
    if not isinstance(value, list) or len(value) > _ENTRIES_MAX:
        raise MessageError(f"{key} must be a list of at most {_ENTRIES_MAX}")
    return value


def _column(data: dict[str, Any], key: str, length: int) -> list[Any]:
    column = _list(data, key)
    if len(column) != length:
        raise MessageError(f"{key} has {len(column)} entries, seq has {length}")
    return column


def _object(data: dict[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key)
    if not isinstance(value, dict):
        raise MessageError(f"{key} must be an object")
    return value


def _must_rise(seqs: list[int]) -> None:
    if any(later <= earlier for earlier, later in zip(seqs, seqs[1:], strict=False)):
        raise MessageError("seq must rise")
