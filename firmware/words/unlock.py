"""Somebody proves to know the secret, without telling it: HMAC-SHA-256 of a challenge that is good
for one answer.
"""

from micropython import const

import once
from lib import hmac

once.forget("lib.hmac")

_FIRST_WAIT_S = const(2)  # after the first wrong answer; doubled with each
_WAIT_MAX_S = const(600)


async def run(visit, arguments: list) -> tuple:
    """The challenge; with an answer to it: open, if it is the right one."""
    if not visit.is_locked:
        return ()
    if not arguments:
        visit.challenges += 1
        return (("collector", visit.about[0]), ("challenge", _challenge(visit)))
    now_s = visit.site.clock.uptime_s()
    if now_s < visit.ready_s:
        raise ValueError("unlock: wait for %d s" % (visit.ready_s - now_s))
    answer = _code(visit, _challenge(visit) + " " + visit.about[0])
    is_right = visit.challenges > 0 and hmac.same(answer, arguments[0])
    visit.challenges += 1
    if not is_right:
        wait_s = min(_FIRST_WAIT_S << min(visit.failures, 16), _WAIT_MAX_S)
        visit.failures += 1
        visit.ready_s = now_s + wait_s
        raise ValueError("unlock: wrong; ask for another challenge, in %d s" % wait_s)
    visit.failures = 0
    visit.is_locked = False
    return ()


def _challenge(visit) -> str:
    """Never the same twice, and who has not got the secret cannot tell it beforehand."""
    return _code(visit, "challenge %d %d" % (visit.site.journal.boot, visit.challenges))[:16]


def _code(visit, message: str) -> str:
    return hmac.told(visit.secret.encode(), message.encode())
