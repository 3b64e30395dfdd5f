"""A Modbus RTU slave (serial line V1.02, application V1.1b3): request bytes in, reply bytes out.

The wire (byte times, silence, echo, noise) belongs to the world; the values belong to a register
source such as those of meters/. Shares no code with the firmware, so it cannot share its mistakes.
"""

import random
from typing import Protocol

from host_sim.models.line_settings import LineSettings

READ_HOLDING = 3
READ_INPUT = 4

ILLEGAL_FUNCTION = 1
ILLEGAL_ADDRESS = 2
ILLEGAL_COUNT = 3

_REQUEST_BYTES = 8  # address, function, first register, count, CRC
PROTOCOL_MAX_COUNT = 125  # more does not fit the byte count of a reply


class Registers(Protocol):
    """What a meter holds."""

    def __call__(self, function: int, address: int, count: int, t_us: int) -> list[int] | None:
        """`count` words from `address` as of `t_us`; None: no such registers (exception 2)."""
        ...


class ModbusSlave:
    """One device at the wire, without any state but its registers.

    `max_count` is the most registers one read may ask for; `turnaround_us` how long the device
    thinks before the first byte of its reply (drawn once per device from `seed`, 5 to 20 ms);
    `settings` what it speaks and listens at, None for whatever the master does.
    """

    def __init__(
        self,
        address: int,
        registers: Registers,
        max_count: int = PROTOCOL_MAX_COUNT,
        seed: int = 0,
        settings: LineSettings | None = None,
    ) -> None:
        if not 1 <= address <= 247:
            raise ValueError(f"a slave address is 1 to 247, not {address}")
        self.address = address
        self.max_count = max_count
        self.settings = settings
        self.turnaround_us = random.Random(f"turnaround/{seed}/{address}").randint(5_000, 20_000)
        self._registers = registers

    def answer(self, frame: bytes, t_us: int) -> bytes | None:
        """The reply to one frame that ended at `t_us` (unix us), or None: the device stays silent.

        Silent for what is damaged, for another device, and for a broadcast (address 0).
        """
        if len(frame) < 4 or crc16(frame) != 0 or frame[0] != self.address:
            return None
        function = frame[1]
        if function not in (READ_HOLDING, READ_INPUT):
            return self._exception(function, ILLEGAL_FUNCTION)
        if len(frame) != _REQUEST_BYTES:
            return None
        first = int.from_bytes(frame[2:4], "big")
        count = int.from_bytes(frame[4:6], "big")
        if not 1 <= count <= self.max_count:
            return self._exception(function, ILLEGAL_COUNT)
        if first + count > 0x10000:
            return self._exception(function, ILLEGAL_ADDRESS)
        words = self._registers(function, first, count, t_us)
        if words is None:
            return self._exception(function, ILLEGAL_ADDRESS)
        data = b"".join(word.to_bytes(2, "big") for word in words)
        return seal(bytes([self.address, function, len(data)]) + data)

    def _exception(self, function: int, code: int) -> bytes:
        return seal(bytes([self.address, function | 0x80, code]))


def seal(body: bytes) -> bytes:
    """`body` with its CRC, low byte first, as it goes on the wire."""
    return body + crc16(body).to_bytes(2, "little")


def crc16(data: bytes) -> int:
    """CRC-16/MODBUS; zero for a whole frame whose own CRC is right."""
    crc = 0xFFFF
    for byte in data:
        crc = (crc >> 8) ^ _CRC_OF_BYTE[(crc ^ byte) & 0xFF]
    return crc


def _crc_of_byte(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ (0xA001 if byte & 1 else 0)
    return byte


_CRC_OF_BYTE = [_crc_of_byte(byte) for byte in range(256)]
