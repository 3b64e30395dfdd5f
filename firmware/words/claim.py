"""A new collector gets its secret."""

from micropython import const

import once
from commands import storing

once.forget("commands.storing")

_TECHNICIAN = const(2)  # EVENTS.md
_SECRET_BYTES = const(12)  # at least: 'unlock' gives who guesses many tries in years


async def run(visit, arguments: list) -> tuple:
    """Store the secret; whoever is here stays."""
    if visit.secret:
        raise ValueError("claim: this collector has a secret already")
    if len(arguments) != 1 or len(arguments[0].encode()) < _SECRET_BYTES:
        raise ValueError("claim: a secret of at least %d bytes" % _SECRET_BYTES)
    secret = arguments[0]
    told = await storing.run(visit.site, {"console.secret": secret}, _TECHNICIAN)
    visit.secret = secret
    return told
