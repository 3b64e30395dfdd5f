"""Hears a command, and lets it be carried out when those before it are."""

import asyncio

import once
from lib import command

once.forget("lib.command")


def take(commands, text: memoryview) -> None:
    """Put what the text asks to what waits in `commands` (a Commands); or the reply, where it is
    refused.
    """
    try:
        parsed = command.parse(text, commands.site.journal.boot, commands.last)
    except command.Refused as refusal:
        commands.site.replies.append((refusal.number, None, refusal.why))
        return
    if parsed:
        commands.last = parsed[0]
        commands.waiting.append(parsed)
        if len(commands.waiting) == 1:  # from a task: all that heard it is let go of by then
            asyncio.create_task(_work(commands))


async def _work(commands) -> None:
    from commands import worker

    once.forget("commands.worker")
    site = commands.site
    while commands.waiting:
        site.replies.append(await worker.done(site, *commands.waiting[0]))
        del commands.waiting[0]
        site.uplink.wake()
