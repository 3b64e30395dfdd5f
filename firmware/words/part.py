"""A part of the file that words/file.py has announced; with the last one it is taken."""

import binascii
import gc
import hashlib
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
    name, size, checksum, there = visit.file
    if begin + len(content) <= there:
        return (("there", there),)
    if begin != there or there + len(content) > size:
        raise ValueError("part: %d of %d bytes are there; go on behind them" % (there, size))
    _write(content, begin)
    visit.file[3] = there = there + len(content)
    if there < size:
        return (("there", there),)
    visit.file = None
    _take(name, checksum)
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


def _take(name: str, checksum: str) -> None:
    """The file before it is replaced, in one step."""
    gc.collect()
    with open(_INCOMING, "rb") as file:
        content = file.read()
    if binascii.hexlify(hashlib.sha256(content).digest()).decode() != checksum:
        raise ValueError("%s: damaged on the way; nothing was stored, send it again" % name)
    problem = _profile_problem() if name.endswith(".txt") else _credential_problem(name, content)
    if problem:
        raise ValueError("%s: %s; nothing was stored" % (name, problem))
    os.rename(_INCOMING, "site/" + name)


def _credential_problem(name: str, content: bytes) -> str | None:
    from drivers import credential

    once.forget("drivers.credential")
    return credential.problem(name, content)


def _profile_problem() -> str | None:
    from lib import profile_text
    from lib.profile import ProfileError

    once.forget("lib.profile_text")
    try:
        with open(_INCOMING) as text:
            profile_text.load(text, "it")
    except ProfileError as error:
        return str(error)
    return None
