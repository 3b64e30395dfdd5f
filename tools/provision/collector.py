"""Brings one collector to what its site file says; safe to repeat."""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

from tools.config import table
from tools.console.port import CollectorPort, PortError, Refused, quoted
from tools.provision.site import Site, SiteError

_SECRET = "(set)"  # words/show.py
_RESTARTS = 2  # the collector does it by itself
_RESTART_S = 90.0
_ROUNDING_S = 2.0  # uptimes are told in whole seconds
_LOOK_S = 1.0


class Outcome(NamedTuple):
    """collector, board, firmware: names. changed: keys that were stored."""

    collector: str
    board: str
    firmware: str
    changed: list[str]


def provision(port: CollectorPort, site: Site, say: Callable[[str], None]) -> Outcome:
    """Claim it, store what differs, start it again, compare, and lock it. `say` hears of each
    step.

    PortError, Refused, or SiteError when the file knows no such collector.
    """
    port.begin()
    if port.detail("unlock"):
        if not site.secret:
            raise SiteError("it is locked, and the site file has no secret")
        port.unlock(site.secret)
    status = port.detail("status")
    name = status["collector"]
    if name not in site.collectors:
        raise SiteError(f"the site file knows no {name}")
    say(f"{name}: {status['board']}, firmware {status['firmware']}")
    wanted = site.collectors[name]
    changed = _store(port, site, wanted, say)
    if site.secret and not status["claimed"]:
        say("claim")
        changed.append("console.secret")
        _settle(port, site, port.detail(f"claim {quoted(site.secret)}"))
    if changed:
        say("restart")
        port.ask("reboot")
        _again(port, site)
    secrets = _secrets()
    wrong = [key for key in _differing(port, wanted) if key not in secrets]
    if wrong:
        raise PortError(f"{name} has not kept {', '.join(wrong)}: try again")
    if site.secret:
        port.ask("lock")
    return Outcome(name, status["board"], status["firmware"], changed)


def _store(
    port: CollectorPort, site: Site, wanted: dict[str, Any], say: Callable[[str], None]
) -> list[str]:
    """The keys that were stored: those that differ; a secret that is set already stays."""
    changed = []
    for key in _differing(port, wanted):
        say(f"set {key}")
        _settle(port, site, port.detail(f"set {key} {quoted(wanted[key])}"))
        changed.append(key)
    return changed


def _differing(port: CollectorPort, wanted: dict[str, Any]) -> list[str]:
    secrets = _secrets()
    has: dict[str, Any] = {key: default for key, _, default, _ in table()}
    for told in port.ask("show"):
        has |= told.get("setting", {})
    return [
        key
        for key, value in wanted.items()
        if has[key] != (_SECRET if key in secrets and value else value)
    ]


def _secrets() -> set[str]:
    return {key for key, kind, _, _ in table() if kind == "secret"}


def _settle(port: CollectorPort, site: Site, told: dict[str, Any]) -> None:
    if told.get("restart") == _RESTARTS:
        _again(port, site)


def _again(port: CollectorPort, site: Site) -> None:
    """Wait for it to be there after a restart: its uptime has begun anew."""
    began_s = time.monotonic() - port.detail("ping")["uptime_s"]
    until_s = time.monotonic() + _RESTART_S
    while time.monotonic() - port.begin()["uptime_s"] < began_s + _ROUNDING_S:
        if time.monotonic() > until_s:
            raise PortError("it has not started again: is its journal full, and offline?")
        time.sleep(_LOOK_S)
    if site.secret:
        try:
            port.unlock(site.secret)
        except Refused as error:
            raise PortError(f"after its restart: {error}") from error
