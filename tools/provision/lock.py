"""The lock of a collector's console: opened with its secret, or the one that it had before."""

import re
import time
from collections.abc import Callable
from typing import NamedTuple

from tools.console.port import CollectorPort, Refused
from tools.provision.site import Site, SiteError, Wanted

_WRONG = re.compile(r"unlock: wrong; .* in (\d+) s")  # firmware/words/unlock.py
_ROUNDING_S = 1.0  # it counts whole seconds


class Opened(NamedTuple):
    """name: of the collector. by_previous: it has not got the secret yet that it is to have."""

    name: str
    by_previous: bool


def open_lock(port: CollectorPort, site: Site, say: Callable[[str], None]) -> Opened:
    """Open it, if it is locked. The previous secret is tried once, where the other is wrong: with
    each that is, the collector lets us wait twice as long.

    PortError, Refused, or SiteError when the file knows no such collector or no secret of it.
    """
    challenge = port.detail("unlock")
    about = challenge or port.detail("status")
    name = str(about["collector"])
    if name not in site.collectors:
        raise SiteError(f"the site file knows no {name}")
    wanted = site.collectors[name]
    if challenge and not wanted.secret:
        raise SiteError(f"{name} is locked, and the site file has no secret of it")
    if not challenge and about["claimed"] and wanted.previous_secret:
        port.ask("lock")  # somebody has left it open, and then it tells nobody which one it has
        challenge = about
    return Opened(name, bool(challenge) and _by_previous(port, name, wanted, say))


def _by_previous(
    port: CollectorPort, name: str, wanted: Wanted, say: Callable[[str], None]
) -> bool:
    """Whether it took the previous secret; Refused when it took none."""
    assert wanted.secret  # a site file has no previous one alone
    try:
        port.unlock(wanted.secret)
        return False
    except Refused as refusal:
        wait = _WRONG.search(str(refusal))
        if not wait or not wanted.previous_secret:
            raise
    say(f"{name}: has another secret; in {wait[1]} s it hears the previous one")
    time.sleep(int(wait[1]) + _ROUNDING_S)
    port.begin()  # who was silent for long has to ask for JSON again
    try:
        port.unlock(wanted.previous_secret)
    except Refused as refusal:
        raise Refused(f"{name} has neither secret nor previous_secret: {refusal}") from refusal
    return True
