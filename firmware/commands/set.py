"""The head-end sets one thing."""

from micropython import const

import once
from commands import storing

once.forget("commands.storing")

_HEAD_END = const(1)  # EVENTS.md


async def run(site, arguments: dict) -> tuple:
    """It is checked and stored; what commands/storing.py tells."""
    settings = {str(arguments.get("key")): arguments.get("value")}
    return await storing.run(site, settings, _HEAD_END)
