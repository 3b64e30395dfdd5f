"""Writes the reply to a command. Loaded for that: see once.py."""

import once
from lib import reply

once.forget("lib.reply")


def write(commands, out) -> None:
    """The next one of `commands` (a Commands)."""
    boot = commands.parts[1].boot
    number, word, what = commands.replies.pop(0)
    if word is None:
        reply.refused(out, boot, number, what)
    else:
        reply.done(out, boot, number, word, what)
