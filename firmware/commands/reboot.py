"""The collector starts again, with everything counted in flash."""

import asyncio

from micropython import const

from lib.legacy import REBOOT

# for the reply to be under way; and longer, where it finds no room in the heap at first
_LEAST_S = const(3)
_MOST_S = const(30)


async def run(site, arguments: dict) -> tuple:
    """It is under way."""
    if site.books.trouble:
        raise ValueError("the journal takes no records: what is counted would be lost")
    asyncio.create_task(_restart(site))
    return ()


async def _restart(site) -> None:
    waited_s = 0
    while waited_s < _LEAST_S or site.replies and waited_s < _MOST_S:
        await asyncio.sleep_ms(1000)
        site.uplink.wake()
        waited_s += 1
    site.pulses.look()
    site.books.checkpoint()
    if site.books.trouble:
        return
    now(site)


def now(site) -> None:
    """Start again at once. That was asked for: it is no failure, and the next life is told."""
    site.on_well()
    site.clock.stamp(REBOOT)
    site.watchdog.reset()
