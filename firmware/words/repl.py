"""The way to MicroPython's prompt."""

import once
from drivers import terminal

once.forget("drivers.terminal")


async def run(visit, arguments: list) -> tuple:
    """Ctrl-C ends the program then, and the watchdog starts it again. What is counted between
    this and that is lost: it is a tool for the bench.
    """
    visit.site.pulses.look()
    visit.site.books.checkpoint()
    terminal.set_break(True)
    return ()
