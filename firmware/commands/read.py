"""All registers, as they are now."""

from books import CHANNELS


async def run(site, arguments: dict) -> tuple:
    """Read the meter; every channel's register, and the time."""
    site.pulses.look()
    if not await site.collector.read_meter():
        raise ValueError("the meter does not answer")
    told = [(name, site.books.register(place)) for place, (name, _) in enumerate(CHANNELS)]
    told.append(("time", site.clock.unix_s()))
    return tuple(told)
