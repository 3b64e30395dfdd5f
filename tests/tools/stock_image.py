"""A file such as MicroPython's download page has, with nothing that a chip could run."""

import hashlib
import struct
from collections.abc import Sequence

FIRST_BYTE = {"esp32": 0x1000, "esp32c3": 0}
CHIP_ID = {"esp32": 0, "esp32c3": 5, "esp32s3": 9}
TABLE, APP = 0x8000, 0x10000


def image(chip: str, segment: bytes) -> bytes:
    """An application image of one segment, with its checksum and hash (ESP-IDF, "App Image
    Format").
    """
    head = struct.pack("<4BI4BHBHH4xB", 0xE9, 1, 2, 0x20, 0, *4 * [0], CHIP_ID[chip], 0, 0, 0, 1)
    assert len(head) == 24
    data = head + struct.pack("<II", 0x3F400020, len(segment)) + segment
    data += bytes(-(len(data) + 1) % 16) + b"\xef"
    return data + hashlib.sha256(data).digest()


def description() -> bytes:
    """What an application says of itself: in MicroPython neither name nor version (ESP-IDF's
    esp_app_desc.c, with what ports/esp32/boards/sdkconfig.base sets).
    """
    return struct.pack("<I", 0xABCD5432).ljust(256, b"\0")


def stock(
    chip: str = "esp32",
    version: str = "v1.26.1",
    project: str = "MicroPython",
    frozen: Sequence[str] = ("_boot.py", "umqtt/simple.py"),
) -> bytes:
    """The whole file: boot loader, a partition table, application with the names of what is frozen
    into it.
    """
    first = FIRST_BYTE.get(chip, 0)
    data = bytearray(b"\xff" * (APP - first))
    loader = image(chip, b"boot" * 100)
    data[: len(loader)] = loader
    data[TABLE - first : TABLE - first + 32] = b"\xaa\x50" + bytes(30)
    texts = "\0".join((f"{project} {version} on 2025-09-11", *frozen, "")).encode()
    return bytes(data) + image(chip, description() + b"code" * 5000 + texts)
