"""The time, as a technician tells it."""

from micropython import const

from lib.arguments import SEQ_MAX, integer

_TECHNICIAN = const(2)  # timekeeper.py: who is believed
_ON_ITS_WAY_MS = const(10000)


async def run(site, arguments: dict) -> tuple:
    """Set the clock; what it shows then."""
    unix_s = integer(arguments, "unix_s", 0, SEQ_MAX)
    site.timekeeper.told(_TECHNICIAN, unix_s, _ON_ITS_WAY_MS)
    return (("time", site.clock.unix_s()),)
