"""Brings one collector to what its site file says; safe to repeat."""

import time
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from tools.config import stored_text, table
from tools.console.port import CollectorPort, PortError, Refused, quoted, sha256
from tools.provision.lock import open_lock
from tools.provision.site import Site, Wanted

from journal import identity  # isort: skip

_SECRET = "(set)"  # words/show.py
_RESTARTS = 2  # the collector does it by itself
_RESTART_S = 90.0
_ROUNDING_S = 2.0  # uptimes are told in whole seconds
_LOOK_S = 1.0
_LINE_BYTES = 200  # firmware/console/line.py takes 240
_EXAMINATION_S = 180.0
_CONNECTED_S = 60.0

T = TypeVar("T")


class Outcome(NamedTuple):
    """collector, board, firmware: names. changed: keys and files that were stored. verdict, code,
    failed: of its examination; empty where it was not asked for.
    """

    collector: str
    board: str
    firmware: str
    changed: list[str]
    verdict: str = ""
    code: str = ""
    failed: str = ""


def provision(
    port: CollectorPort,
    site: Site,
    say: Callable[[str], None],
    renews_secrets: bool = False,
    examines: list[str] | None = None,
) -> Outcome:
    """Claim it, or give it its new secret; store what differs, start it again, compare, examine it
    where that is wanted, and lock it. `say` hears of each step. renews_secrets: store those, too,
    that are set already: the collector does not tell whether they are the same. examines: None, or
    the channels that no meter hangs at.

    PortError, Refused, or SiteError when the file knows no such collector.
    """
    port.begin()
    name, by_previous = open_lock(port, site, say)
    status = port.detail("status")
    say(f"{name}: {status['board']}, firmware {status['firmware']}")
    wanted = site.collectors[name]
    changed = []
    if wanted.secret and (by_previous or not status["claimed"]):
        # first: with TLS and all the rest the heap may have no room for it; and whatever starts
        # it again later, the new one holds then
        word = "set console.secret" if by_previous else "claim"
        say(word)
        changed.append("console.secret")
        _settle(port, wanted, port.detail(f"{word} {quoted(wanted.secret)}"))
    changed += _send(port, wanted, say)
    differing = _with_room(port, wanted, lambda: _differing(port, wanted, renews_secrets))
    changed += _store(port, wanted, differing, say)
    if changed:
        say("restart")
        port.ask("reboot")
        _again(port, wanted)
    secrets = _secrets()
    differing = _with_room(port, wanted, lambda: _differing(port, wanted))
    wrong = [key for key in differing if key not in secrets]
    if wrong:
        raise PortError(f"{name} has not kept {', '.join(wrong)}: try again")
    found: dict[str, Any] = {}
    if examines is not None:
        say("examination")
        found = _with_room(port, wanted, lambda: _examined(port, examines))
    if wanted.secret:
        port.ask("lock")
    board, firmware = status["board"], status["firmware"]
    return Outcome(name, board, firmware, changed, **found)


def _send(port: CollectorPort, wanted: Wanted, say: Callable[[str], None]) -> list[str]:
    """The files that were sent: those that differ."""
    there = port.files() if wanted.files else {}
    changed = []
    for name, content in wanted.files.items():
        if there.get(name) != sha256(content):
            say(f"send {name}")
            port.send(name, content)
            changed.append(name)
    return changed


def _store(
    port: CollectorPort, wanted: Wanted, keys: list[str], say: Callable[[str], None]
) -> list[str]:
    """The keys that were stored; several at once, since a full heap takes a restart for each."""
    line = ""
    for key in keys:
        pair = f" {key} {quoted(wanted.settings[key])}"
        if line and len((line + pair).encode()) > _LINE_BYTES:
            _settle(port, wanted, port.detail(f"set{line}"))
            line = ""
        say(f"set {key}")
        line += pair
    if line:
        _settle(port, wanted, port.detail(f"set{line}"))
    return keys


def _differing(port: CollectorPort, wanted: Wanted, renews_secrets: bool = False) -> list[str]:
    """The keys whose values are others; of secrets those that are not set. A collector that has
    just what is wanted says so, its secrets included, and with less of its heap.
    """
    if _has_just(port, wanted):
        return []
    secrets = _secrets()
    has: dict[str, Any] = {key: default for key, _, default, _ in table()}
    for told in port.ask("show"):
        has |= told.get("setting", {})
    return [
        key
        for key, value in wanted.settings.items()
        if has[key] != (_SECRET if key in secrets and value and not renews_secrets else value)
    ]


def _has_just(port: CollectorPort, wanted: Wanted) -> bool:
    """Whether the collector's configuration is what is wanted, and nothing else."""
    secret = {"console.secret": wanted.secret} if wanted.secret else {}
    digest = identity.digest(stored_text(wanted.settings | secret))
    try:
        return bool(port.detail(f"show is {digest.hex()}")["same"])
    except Refused as refusal:
        if "no key" in str(refusal):  # a firmware that does not know it yet
            return False
        raise


def _with_room(port: CollectorPort, wanted: Wanted, asked: Callable[[], T]) -> T:
    """What is asked; where the heap has no room for it, once more after a restart."""
    try:
        return asked()
    except Refused as refusal:
        if "no room" not in str(refusal):
            raise
    port.ask("reboot")
    _again(port, wanted)
    return asked()


def _examined(port: CollectorPort, absent: list[str]) -> dict[str, Any]:
    """Verdict, code, and the names of what is not good; when it is connected, which takes a boot
    some seconds.
    """
    port.await_status(lambda status: status["broker"], _CONNECTED_S)
    line = " ".join(["commission", *(["without", *absent] if absent else [])])
    *checks, done = port.ask(line, _EXAMINATION_S)
    wrong = [told["check"]["check"] for told in checks if not told["check"]["ok"]]
    detail = done["detail"]
    return {"verdict": detail["verdict"], "code": detail["code"], "failed": " ".join(wrong)}


def _secrets() -> set[str]:
    return {key for key, kind, _, _ in table() if kind == "secret"}


def _settle(port: CollectorPort, wanted: Wanted, told: dict[str, Any]) -> None:
    if told.get("restart") == _RESTARTS:
        _again(port, wanted)


def _again(port: CollectorPort, wanted: Wanted) -> None:
    """Wait for it to be there after a restart: its uptime has begun anew."""
    began_s = time.monotonic() - port.detail("ping")["uptime_s"]
    until_s = time.monotonic() + _RESTART_S
    while time.monotonic() - port.begin()["uptime_s"] < began_s + _ROUNDING_S:
        if time.monotonic() > until_s:
            raise PortError("it has not started again: is its journal full, and offline?")
        time.sleep(_LOOK_S)
    if wanted.secret:
        try:
            port.unlock(wanted.secret)
        except Refused as error:
            raise PortError(f"after its restart: {error}") from error
