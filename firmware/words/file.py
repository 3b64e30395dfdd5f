"""A file for site/ comes, in parts: words/part.py."""

from micropython import const

import once
from lib import words

once.forget("lib.words")

_CREDENTIALS = ("ca.crt", "collector.crt", "collector.key")  # drivers/certificates.py
_BYTES_MAX = const(6144)  # the same
_DIGITS = "0123456789abcdef"


async def run(visit, arguments: list) -> tuple:
    """Its name, its bytes and its SHA-256 in hexadecimal: until all of it is there and is right,
    the one before it stays.
    """
    size = words.number(arguments[1]) if len(arguments) == 3 else None
    if size is None:
        raise ValueError("file: a name, how many bytes, and their SHA-256")
    name, checksum = arguments[0], arguments[2].lower()
    if name not in _CREDENTIALS and not _is_profile(name):
        raise ValueError("file: %s, or a profile's name.txt" % ", ".join(_CREDENTIALS))
    if not 0 < size <= _BYTES_MAX:
        raise ValueError("file: from 1 to %d bytes" % _BYTES_MAX)
    if len(checksum) != 64 or any(digit not in _DIGITS for digit in checksum):
        raise ValueError("file: a SHA-256 has 64 hexadecimal digits")
    visit.file = [name, size, checksum, 0]
    return (("part_bytes", 150),)


def _is_profile(name: str) -> bool:
    stem = name[:-4]
    plain = all("a" <= each <= "z" or each.isdigit() or each in "_-" for each in stem)
    return name.endswith(".txt") and 0 < len(stem) <= 32 and plain
