"""A file for site/ comes, in parts: words/part.py."""

import binascii
import hashlib
import os

from micropython import const

import once
from lib import words

once.forget("lib.words")

_CREDENTIALS = ("ca.crt", "collector.crt", "collector.key")  # drivers/certificate_files.py
_BYTES_MAX = const(6144)  # the same
_PIECE_BYTES = const(256)
_DIGITS = "0123456789abcdef"


async def run(visit, arguments: list) -> tuple:
    """Its name, its bytes and its SHA-256 in hexadecimal: until all of it is there and is right,
    the one before it stays. Without them, a line for each file that is there.
    """
    if not arguments:
        return await _listed(visit)
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
    visit.file = [name, size, checksum, 0, False]
    return (("part_bytes", 150),)


async def _listed(visit) -> tuple:
    try:
        names = sorted(name for name in os.listdir("site") if name != "incoming")
    except OSError:
        names = []
    for name in names:
        size, checksum = summed("site/" + name)
        told = ("name", name), ("bytes", size), ("sha256", checksum)
        await visit.row("file", told)
    return ()


def summed(path: str) -> tuple:
    """(bytes, SHA-256 in hexadecimal) of a file."""
    size, total = 0, hashlib.sha256()
    with open(path, "rb") as file:
        while True:
            piece = file.read(_PIECE_BYTES)
            if not piece:
                return size, binascii.hexlify(total.digest()).decode()
            size += len(piece)
            total.update(piece)


def _is_profile(name: str) -> bool:
    stem = name[:-4]
    plain = all("a" <= each <= "z" or each.isdigit() or each in "-_" for each in stem)
    return name.endswith(".txt") and 0 < len(stem) <= 32 and plain
