"""One line from its first byte to what it asks for."""

import gc

from micropython import const

import once
from drivers import keys, terminal

once.forget("drivers.keys")
once.forget("drivers.terminal")

_IDLE_S = const(600)  # who says nothing for so long is gone


async def heard(visit, reader, byte: int) -> tuple | None:
    """What doing.done() is to do for the line that begins with `byte`: (package, word, arguments,
    problem). None: nothing.
    """
    asked = "", "", None, None
    try:
        text = await _typed(visit, reader, byte)
        if text is None:  # only the rest of a line's end
            return None
        gc.collect()
        _log_out_who_is_gone(visit)
        if text:
            asked = _meant(visit, text)
    except ValueError as error:
        asked = "", "", None, str(error)
    return asked


async def _typed(visit, reader, byte: int) -> str | None:
    from console import line

    once.forget("console.line")
    try:
        typed = keys.Keys(reader)
        echo = None if visit.as_json else terminal.echo
        text, visit.after_cr = await line.typed(typed, byte, visit.after_cr, echo)
        return text
    except line.TooLong:
        raise ValueError("a line has at most %d bytes; nothing was done" % line.BYTES_MAX)
    except ValueError:  # UnicodeError
        raise ValueError("the line is no text in UTF-8; nothing was done")


def _log_out_who_is_gone(visit) -> None:
    now_s = visit.site.clock.uptime_s()
    if now_s - visit.heard_s > _IDLE_S:
        visit.is_locked = bool(visit.secret)
        visit.as_json = visit.as_json and not visit.is_locked
        terminal.set_break(False)
    visit.heard_s = now_s


def _meant(visit, text: str) -> tuple:
    from console import meaning

    once.forget("console.meaning")
    once.forget("lib.words")
    return meaning.of(text, visit.is_locked) + (None,)
