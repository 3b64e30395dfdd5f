"""A person has seen to the alarms of a channel; or tells whether somebody is there."""

from books import CHANNELS
from lib.arguments import integer


async def run(site, arguments: dict) -> tuple:
    """What is active in the channel then (leaks/orders.py)."""
    names = [name for name, _ in CHANNELS]
    away = integer(arguments, "away", 0, 1) if "away" in arguments else None
    name, detail = arguments.get("channel"), None
    if name in names and site.pulses.leaks:
        detail = site.pulses.leaks.order(names.index(name), away)
    if detail is None:
        raise ValueError("channel: nobody looks for leaks in it")
    return detail
