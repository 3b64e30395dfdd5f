"""The way to MicroPython's prompt."""

import once
from drivers import terminal

once.forget("drivers.terminal")


async def run(visit, arguments: list) -> tuple:
    """Ctrl-C ends the program then; the watchdog starts it again after a minute."""
    terminal.set_break(True)
    return ()
