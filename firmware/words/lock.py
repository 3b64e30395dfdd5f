"""The session is over."""

import once
from drivers import terminal

once.forget("drivers.terminal")


async def run(visit, arguments: list) -> tuple:
    """Nobody does more without the secret."""
    if not visit.secret:
        raise ValueError("lock: nobody has claimed this collector yet; 'claim' does")
    visit.is_locked = True
    terminal.set_break(False)
    return ()
