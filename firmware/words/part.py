"""A part of the file that words/file.py has announced; with the last one it is taken."""

import binascii
import gc
import os

from micropython import const

import once
from lib import events, words
from lib.crc16 import crc16

once.forget("lib.words")

_INCOMING = "site/incoming"
_TECHNICIAN = const(2)  # EVENTS.md


async def run(visit, arguments: list) -> tuple:
    """Where it begins, and its bytes in base64. One that is there already is passed over, so a
    part without an answer is sent again.
    """
    if not visit.file:
        raise ValueError("part: of what? 'file' says what comes")
    begin, content = _meant(arguments)
    name, size, _, there, is_stored = visit.file
    if begin + len(content) > there:
        if begin != there or there + len(content) > size:
            raise ValueError("part: %d of %d bytes are there; go on behind them" % (there, size))
        _write(content, begin)
        visit.file[3] = there = there + len(content)
    if there < size:
        return (("there", there),)
    del content
    if not is_stored:
        _store(visit)
        visit.site.books.event(events.CONFIG_SET, (_TECHNICIAN, crc16(name.encode(), len(name))))
    return (("there", there), ("stored", "site/" + name), ("restart", 1))


def _meant(arguments: list) -> tuple:
    begin = words.number(arguments[0]) if len(arguments) == 2 else None
    try:
        if begin is not None and begin >= 0:
            content = binascii.a2b_base64(arguments[1])
            if content:
                return begin, content
    except ValueError:
        pass
    raise ValueError("part: where it begins, and its bytes in base64")


def _write(content: bytes, begin: int) -> None:
    try:
        os.mkdir("site")
    except OSError:  # it is there
        pass
    try:
        with open(_INCOMING, "ab" if begin else "wb") as file:
            file.write(content)
    except OSError as error:
        raise ValueError("part: the file system takes nothing: %s" % error) from None


def _store(visit) -> None:
    """The file before it is replaced, in one step."""
    name, _, checksum, _, _ = visit.file
    gc.collect()
    try:
        if _checksum() != checksum:
            raise ValueError("%s: damaged on the way; nothing was stored, send it again" % name)
        problem = _profile_problem() if name.endswith(".txt") else _credential_problem(name)
        if problem:
            raise ValueError("%s: %s; nothing was stored" % (name, problem))
    except ValueError:
        visit.file = None
        raise
    os.rename(_INCOMING, "site/" + name)
    visit.file[4] = True


def _checksum() -> str:
    from words import file

    once.forget("words.file")
    return file.summed(_INCOMING)[1]


def _credential_problem(name: str) -> str | None:
    from drivers import credential

    once.forget("drivers.credential")
    with open(_INCOMING, "rb") as file:
        return credential.problem(name, file.read())


def _profile_problem() -> str | None:
    """All that can be wrong; where the heap has no room for that, as much as a sketch sees."""
    gc.collect()
    try:
        return _problem_of_all()
    except MemoryError:
        once.sweep()
    gc.collect()
    return _problem_of_sketch()


def _problem_of_all() -> str | None:
    from lib import profile_text
    from lib.profile import ProfileError

    once.forget("lib.profile_text")
    try:
        with open(_INCOMING) as text:
            profile_text.load(text, "it")
        return None
    except ProfileError as error:
        return str(error)


def _problem_of_sketch() -> str | None:
    from lib import profile_sketch

    once.forget("lib.profile_sketch")
    try:
        with open(_INCOMING) as text:
            return None if profile_sketch.read(text)[2] else "no line 'read'"
    except (ValueError, IndexError):
        return "is no profile of a meter"
