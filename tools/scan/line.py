"""The line: one request, one answer, and the truth about what came back.

pymodbus' client is no use here: it repeats requests by itself and reports damage as silence, but
damage is what a technician must hear of. So the frames are the firmware's own, over pyserial.
"""

import contextlib
import errno
import os
import select
import termios
import time
from enum import Enum
from typing import NamedTuple

import serial

from tools.firmware_path import FIRMWARE  # noqa: F401  (makes the firmware's modules importable)
from tools.scan.settings import Settings

from lib import modbus_rtu as rtu  # isort: skip

# A USB adapter hands over what it received every 16 ms (FTDI's latency timer); a pause up to
# twice as long is no end of a frame.
_ADAPTER_S = 0.032
_FORMAT = termios.PARENB | termios.PARODD | termios.CSTOPB
_NOISE_BYTES = 512  # more than this is no answer


class LineError(Exception):
    """The port cannot be used; one line says why and what to do."""


class NotSpoken(LineError):
    """The adapter cannot do these settings; others it may."""


class Kind(Enum):
    """What became of a request."""

    SILENT = "nothing"
    DAMAGED = "bytes, but no whole answer"
    REFUSED = "an exception"
    WORDS = "an answer"


class Answer(NamedTuple):
    """`payload`: the words, big-endian; the code of an exception; or the damaged bytes."""

    kind: Kind
    payload: bytes = b""
    doubled: bool = False  # more bytes came right behind the answer

    @property
    def whole(self) -> bool:
        """Whether a slave answered, be it with an exception."""
        return self.kind in (Kind.WORDS, Kind.REFUSED)


class Line:
    """An open serial port, ours alone while it is open.

    A request waits `patience_s` for the first byte, beyond the time that the wire takes.
    """

    def __init__(self, port: str) -> None:
        try:
            self._serial = serial.Serial(port, timeout=0, exclusive=True)
        except (serial.SerialException, OSError, ValueError, termios.error) as error:
            raise LineError(_why(port, error)) from error
        self._port = port
        self._settings: Settings | None = None
        self._busy_until_s = 0.0

    def close(self) -> None:
        """Give the port back."""
        with contextlib.suppress(OSError, termios.error):  # an adapter that was pulled out
            self._serial.close()

    def use(self, settings: Settings) -> None:
        """Speak like this from now on. NotSpoken, or LineError when the port is gone."""
        if settings == self._settings:
            return
        self._settings = None
        try:
            done = _set(self._serial.fileno(), settings)
        except (OSError, termios.error) as error:
            raise self._gone() from error
        if not done:
            raise NotSpoken(f"{self._port}: the adapter cannot do {settings}")
        self._settings = settings

    def ask(
        self,
        address: int,
        function: int,
        register: int,
        count: int,
        patience_s: float,
        linger_s: float = 0.0,
    ) -> Answer:
        """Read `count` registers of one slave; listen `linger_s` longer for a second answer.

        LineError when the port is gone.
        """
        assert self._settings is not None, "use() comes first"
        request = bytearray(rtu.REQUEST_BYTES)
        rtu.build_request(request, address, function, register, count)
        try:
            time.sleep(max(0.0, self._busy_until_s - time.monotonic()))
            self._serial.reset_input_buffer()
            self._serial.write(request)
            received = self._receive(request, patience_s, linger_s)
        except (serial.SerialException, OSError, termios.error) as error:
            raise self._gone() from error
        self._busy_until_s = time.monotonic() + self._settings.silence_s
        return _judge(received, bytes(request))

    def _gone(self) -> LineError:
        return LineError(f"{self._port} is gone: was the adapter pulled out?")

    def _receive(self, request: bytes, patience_s: float, linger_s: float) -> bytes:
        """All that comes until an answer is there and the line is quiet again."""
        assert self._settings is not None
        character_s = self._settings.character_s
        started_s = time.monotonic()
        first_byte_s = started_s + len(request) * character_s + patience_s
        buffer = b""
        until_s = first_byte_s
        while len(buffer) < _NOISE_BYTES:
            left_s = until_s - time.monotonic()
            if left_s <= 0 or not select.select([self._serial.fileno()], [], [], left_s)[0]:
                break
            buffer += self._serial.read(256)
            offset = rtu.find_answer(buffer, len(buffer), request)  # below 0: what is missing
            if offset >= 0:
                until_s = time.monotonic() + max(self._settings.silence_s, linger_s)
            elif len(buffer) > rtu.echo_bytes(buffer, len(buffer), request):
                until_s = time.monotonic() - offset * character_s + _ADAPTER_S
            else:
                until_s = first_byte_s
        return buffer


def _set(port: int, settings: Settings) -> bool:
    """Speak like this, all in one call; False when the adapter does not.

    Linux checks the parity of what comes in only if it is asked to (INPCK), which pyserial does
    not: a meter that ignores parity would seem to use this one.
    """
    speed = getattr(termios, f"B{settings.baud_bps}", None)
    if speed is None:
        return False
    parity = {"N": 0, "E": termios.PARENB, "O": termios.PARENB | termios.PARODD}[settings.parity]
    wanted = parity | (termios.CSTOPB if settings.stop_bits == 2 else 0)
    attributes = termios.tcgetattr(port)
    attributes[0] = attributes[0] & ~termios.INPCK | (termios.INPCK if parity else 0)
    attributes[2] = attributes[2] & ~_FORMAT | wanted
    attributes[4] = attributes[5] = speed
    try:
        termios.tcsetattr(port, termios.TCSANOW, attributes)
    except termios.error as error:
        if error.args[0] == errno.EINVAL:
            return False
        raise
    _, _, control, _, *speeds, _ = termios.tcgetattr(port)
    # A pseudo-terminal has no bit for parity (host_sim/meter_terminal.py).
    lost = termios.PARENB if os.ttyname(port).startswith("/dev/pts/") else 0
    return control & _FORMAT == wanted & ~lost and speeds == [speed, speed]


def stray_sender(damaged: bytes) -> int | None:
    """The slave whose whole frame `damaged` is, though another one was asked: a late answer."""
    is_frame = len(damaged) >= rtu.EXCEPTION_BYTES and rtu.crc16(damaged, len(damaged)) == 0
    return damaged[0] if is_frame else None


def _judge(received: bytes, request: bytes) -> Answer:
    offset = rtu.find_answer(received, len(received), request)
    if offset < 0:
        noise = received[rtu.echo_bytes(received, len(received), request) :]
        return Answer(Kind.DAMAGED, noise) if noise else Answer(Kind.SILENT)
    if rtu.is_exception(received, offset):
        end = offset + rtu.EXCEPTION_BYTES
        return Answer(Kind.REFUSED, received[offset + 2 : offset + 3], len(received) > end)
    end = offset + rtu.answer_bytes(request)
    return Answer(Kind.WORDS, received[offset + 3 : end - 2], len(received) > end)


def _why(port: str, error: BaseException) -> str:
    number = getattr(error, "errno", None)
    if number == errno.ENOENT:
        return f"{port}: there is no such port; is the adapter plugged in? {_ports()}"
    if number in (errno.EACCES, errno.EPERM):
        return (
            f"{port}: permission denied; add yourself to the port's group and log in anew:"
            " sudo usermod -aG dialout $USER"
        )
    if number in (errno.EAGAIN, errno.EBUSY):
        return f"{port}: another program is using it (to see which: fuser {port})"
    if number in (errno.EISDIR, errno.ENXIO, errno.ENODEV, errno.EIO):
        return f"{port}: {os.strerror(number)}; is an adapter behind it?"
    return f"{port}: no serial port"


def _ports() -> str:
    from serial.tools import list_ports

    found = ", ".join(sorted(each.device for each in list_ports.comports()))
    return f"There are: {found}" if found else "There is no serial port at all"
