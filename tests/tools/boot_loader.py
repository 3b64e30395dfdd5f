"""The boot loader of an ESP32 at the other end of a serial line, as far as esptool speaks with it
to write flash: https://docs.espressif.com/projects/esptool, "Serial Protocol".
"""

import hashlib
import os
import pty
import select
import struct
import threading
import tty
import zlib
from collections.abc import Iterator

MAGIC_REGISTER, MAGIC_ESP32 = 0x40001000, 0x00F01D83
FLASH_ID_REGISTER = 0x3FF42080  # the SPI controller's first word, where the flash's answer comes
MAC_REGISTERS = 0x3FF5A008, 0x3FF5A004  # of the chip's fuses: its first bytes, and the last four
FLASH_ID_4MB, FLASH_ID_2MB = 0x1640EF, 0x1540EF  # Winbond's
END, ESCAPE = b"\xc0", b"\xdb"

SYNC, MEM_END, READ_REG, MD5, SECURITY_INFO = 0x08, 0x06, 0x0A, 0x13, 0x14
DEFL_BEGIN, DEFL_DATA, READ_FLASH = 0x10, 0x11, 0xD2
UNKNOWN = b"\x01\x05"
ROM = 0x07071220  # what SYNC is answered with; a flasher that was uploaded says 0
ACKNOWLEDGEMENT = 4  # bytes, of what was read of the flash


class BootLoader(threading.Thread):
    """Serves until closed. `flash`: what the chip has in it; a flasher's is uploaded, and only
    pretended to run.
    """

    def __init__(
        self, flash_id: int = FLASH_ID_4MB, flips: bool = False, mac: bytes = bytes(6)
    ) -> None:
        """flips: a bit of what is written does not stay."""
        super().__init__(daemon=True)
        self._master, slave = pty.openpty()
        tty.setraw(slave)
        self.port = os.ttyname(slave)
        self._slave = slave
        self.flash = bytearray(b"\xff" * (4 << 20))
        self.is_stub = False
        self._registers = {MAGIC_REGISTER: MAGIC_ESP32, FLASH_ID_REGISTER: flash_id}
        words = struct.unpack(">II", mac.rjust(8, b"\0"))
        self._registers |= zip(MAC_REGISTERS, words, strict=True)
        self._flips = flips
        self._address = 0
        self._inflate = zlib.decompressobj()
        self._closing = threading.Event()
        self.start()

    def __enter__(self) -> "BootLoader":
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self.join()
        os.close(self._master)
        os.close(self._slave)

    def run(self) -> None:
        """Answer each packet."""
        for packet in self._packets():
            if len(packet) > ACKNOWLEDGEMENT:
                self._take(packet)

    def _packets(self) -> Iterator[bytes]:
        data = b""
        while not self._closing.is_set():
            if select.select([self._master], [], [], 0.05)[0]:
                data += os.read(self._master, 65536)
            while data.count(END) >= 2:
                _, _, rest = data.partition(END)
                packet, _, data = rest.partition(END)
                if packet:
                    yield packet.replace(b"\xdb\xdc", END).replace(b"\xdb\xdd", ESCAPE)
                else:
                    data = END + data

    def _take(self, packet: bytes) -> None:
        _, operation, _, _ = struct.unpack_from("<BBHI", packet)
        body = packet[8:]
        if operation == SYNC:
            for _ in range(8):
                self._answer(operation, 0 if self.is_stub else ROM)
        elif operation == SECURITY_INFO:
            self._answer(operation, status=UNKNOWN)  # this chip has no such command
        elif operation == READ_REG:
            (register,) = struct.unpack_from("<I", body)
            self._answer(operation, self._registers.get(register, 0))
        elif operation == MEM_END:
            self._answer(operation)
            self.is_stub = True
            self._send(b"OHAI")
        elif operation == DEFL_BEGIN:
            size, _, _, self._address = struct.unpack_from("<4I", body)
            self.flash[self._address : self._address + size] = b"\xff" * size
            self._inflate = zlib.decompressobj()
            self._answer(operation)
        elif operation == DEFL_DATA:
            self._write(self._inflate.decompress(body[16:]))
            self._answer(operation)
        elif operation == MD5:
            address, size = struct.unpack_from("<II", body)
            digest = hashlib.md5(self.flash[address : address + size]).digest()
            self._answer(operation, data=digest)
        elif operation == READ_FLASH:
            self._answer(operation)
            self._send_flash(*struct.unpack_from("<III", body))
        else:
            self._answer(operation)

    def _write(self, data: bytes) -> None:
        self.flash[self._address : self._address + len(data)] = data
        if self._flips and data:
            self.flash[self._address] ^= 1
        self._address += len(data)

    def _send_flash(self, address: int, size: int, block: int) -> None:
        for begin in range(address, address + size, block):
            self._send(bytes(self.flash[begin : min(begin + block, address + size)]))
        self._send(hashlib.md5(self.flash[address : address + size]).digest())

    def _answer(
        self, operation: int, value: int = 0, data: bytes = b"", status: bytes = b"\0\0"
    ) -> None:
        tail = data + (status if self.is_stub else status + b"\0\0")
        self._send(struct.pack("<BBHI", 1, operation, len(tail), value) + tail)

    def _send(self, packet: bytes) -> None:
        escaped = packet.replace(ESCAPE, b"\xdb\xdd").replace(END, b"\xdb\xdc")
        os.write(self._master, END + escaped + END)
