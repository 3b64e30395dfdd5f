"""The valve in the water main."""

from lib.arguments import integer


async def run(site, arguments: dict) -> tuple:
    """It is moved soon."""
    closed = integer(arguments, "closed", 0, 1)
    if not site.pulses.valve:
        raise ValueError("valve: none is wired")
    site.pulses.valve.order(closed)
    return (("closed", closed),)
