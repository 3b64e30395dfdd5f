"""Somebody is here, and has a line to the collector."""

import asyncio
import gc

import once

_PAUSES_MS = (0, 200, 1000)  # something may be under way that is over then


class Visit:
    """site: a commands.site.Site. about: names of collector, firmware version and board. secret:
    console.secret, empty where nobody has claimed the collector.

    is_locked: until somebody has proved to know the secret. as_json: an object a line, for
    programs. failures: wrong proofs, one after the other; ready_s: the uptime from which on
    another one is heard. challenges: how many there were. heard_s: the uptime of the line before.
    after_cr: a line feed would be the rest of a line's end. rows: told of what is being done.
    dials: by channel what one showed, and the pulses then (words/dial.py). file: what is being
    sent (words/file.py).
    """

    def __init__(self, site, about: tuple, secret: str):
        self.site = site
        self.about = about
        self.secret = secret
        self.is_locked = bool(secret)
        self.as_json = self.after_cr = False
        self.dials = {}
        self.file = None
        self.failures = self.ready_s = self.challenges = self.heard_s = self.rows = 0

    async def row(self, word: str, pairs: tuple) -> None:
        """One of several things that a word tells, before it is done: `pairs` of name and value.
        The code for that is there no longer than it takes; what has no room waits for some.
        """
        self.rows += 1
        for pause_ms in _PAUSES_MS:
            await asyncio.sleep_ms(pause_ms)
            told = self._line(word, pairs)
            if told:
                break
        else:
            raise MemoryError
        write, text = told
        await write(text)

    async def check(self, name: str, problem: str | None) -> None:
        """One thing that was looked at; `problem`: what to do where it is not good."""
        told = (("check", name), ("ok", not problem))
        await self.row("check", told + ((("do", problem),) if problem else ()))

    def _line(self, word: str, pairs: tuple) -> tuple | None:
        """(what writes it, the text)."""
        try:
            from console import rows
            from drivers import terminal

            once.forget("console.rows")
            once.forget("drivers.terminal")
            return terminal.write, rows.line(self.as_json, word, pairs)
        except MemoryError:
            once.sweep()
            gc.collect()
            return None
