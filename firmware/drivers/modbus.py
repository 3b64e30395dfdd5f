"""Modbus RTU master on a half-duplex line: one request at a time, near the speed of the wire.

Waiting is event-driven: the first byte of an answer wakes the task, the rest is slept through,
because the expected length says how long it takes. No sleep here blocks other tasks for more
than a millisecond; `flush` before the direction pin falls blocks for less than ten.

The UART must be made with timeout=0 and rxbuf >= 512. A soft `uart.irq` on RXIDLE lets the chip
notice an answer at once instead of at its next 10 ms tick.
"""

import asyncio
import time

from micropython import const

from lib import modbus_rtu as rtu

# A sleep on the ESP32 ends up to one FreeRTOS tick (10 ms) late, and the direction pin must
# fall before the slave answers: stop sleeping so long before the end of the transmission.
_TICK_MS = const(9)
_NOISE_BYTES = const(32)
_MAX_SILENCE_US = const(1750)  # fixed above 19200 bit/s (Modbus over serial line V1.02, 2.5.1.1)


class ModbusError(Exception):
    """No value could be read; the text names slave and cause."""


class ModbusTimeout(ModbusError):
    """No valid answer came: silence, or nothing but noise."""


class ModbusBackOff(ModbusTimeout):
    """Not even asked: the slave was silent a short time ago."""


class ModbusException(ModbusError):
    """The slave refused the request; `code` is Modbus' exception code."""

    def __init__(self, slave: int, code: int):
        text = rtu.EXCEPTIONS.get(code, "unknown code")
        super().__init__("slave %d refused: %s (%d)" % (slave, text, code))
        self.code = code


class SlaveState:
    """Counters of one slave, and how long it is left alone after it fell silent.

    requests = answers + exceptions + timeouts + crc_errors. A timeout is silence; a crc_error
    is an answer that never became valid: damaged, foreign, or noise.
    """

    def __init__(self):
        self.requests = 0
        self.answers = 0
        self.exceptions = 0
        self.timeouts = 0
        self.crc_errors = 0
        self.backoff_ms = 0
        self.retry_at_ms = 0

    def is_resting(self, now_ms: int) -> bool:
        """Whether the slave is to be left alone at `now_ms` (ticks)."""
        return 0 < time.ticks_diff(self.retry_at_ms, now_ms) <= self.backoff_ms


class ModbusMaster:
    """Reads registers of the slaves on one UART.

    de: direction pin, high while sending; None for transceivers that switch by themselves.
    char_bits: 10 for 8N1, 11 with parity or two stop bits.
    timeout_ms: longest wait for an answer to begin; the time of the frames is added. An answer
        that begins after that, but before twice that, is dropped and meets no other request.
    retries: further attempts after the first, while the slave is believed alive, each after a
        pause of `timeout_ms` in which the line is left alone.
    backoff_ms: rest of a slave after it failed; doubles at every failure up to
        backoff_limit_ms. After a rest it gets one attempt.
    """

    def __init__(
        self,
        uart,
        baud_bps: int,
        de=None,
        char_bits: int = 10,
        timeout_ms: int = 300,
        retries: int = 2,
        backoff_ms: int = 1000,
        backoff_limit_ms: int = 60000,
    ):
        self.slaves = {}
        self._uart = uart
        self._reader = asyncio.StreamReader(uart)
        self._de = de
        self._char_us = (char_bits * 1000000 + baud_bps - 1) // baud_bps
        self._silence_us = _MAX_SILENCE_US if baud_bps > 19200 else (7 * self._char_us + 1) // 2
        self._timeout_ms = timeout_ms
        self._retries = retries
        self._backoff_ms = backoff_ms
        self._backoff_limit_ms = backoff_limit_ms
        self._lock = asyncio.Lock()
        self._request = bytearray(rtu.REQUEST_BYTES)
        self._buf = bytearray(rtu.REQUEST_BYTES + rtu.MAX_ANSWER_BYTES + _NOISE_BYTES)
        self._view = memoryview(self._buf)
        self._length = 0
        self._busy_until_us = time.ticks_us()

    def state(self, slave: int) -> SlaveState:
        """The counters of `slave`, made at first use."""
        if slave not in self.slaves:
            self.slaves[slave] = SlaveState()
        return self.slaves[slave]

    async def read(self, slave: int, function: int, register: int, count: int) -> memoryview:
        """`count` words as 2 * `count` bytes, big-endian as on the wire.

        The memory is the master's own: decode it before the next `await`. Raises
        ModbusTimeout, ModbusBackOff or ModbusException. Not to be cancelled: the answer on
        its way could be taken for that of the next read.
        """
        async with self._lock:
            state = self.state(slave)
            if state.is_resting(time.ticks_ms()):
                raise ModbusBackOff("slave %d rests after silence" % slave)
            rtu.build_request(self._request, slave, function, register, count)
            for attempt in range(1 if state.backoff_ms else 1 + self._retries):
                if attempt:
                    # No answer says of which register it is. Were one that is late taken for the
                    # retry's, the retry's own would meet the next request.
                    await asyncio.sleep_ms(self._timeout_ms)
                offset = await self._transact(state)
                if offset < 0:
                    continue
                state.backoff_ms = 0
                if rtu.is_exception(self._buf, offset):
                    state.exceptions += 1
                    raise ModbusException(slave, self._buf[offset + 2])
                state.answers += 1
                return self._view[offset + 3 : offset + 3 + 2 * count]
            self._rest(state)
            raise ModbusTimeout("slave %d does not answer" % slave)

    async def _transact(self, state: SlaveState) -> int:
        """One request and its answer: offset of the frame in the buffer, or -1."""
        state.requests += 1
        await self._await_silence()
        await self._send()
        # The answer, and what is still to be sent of the request.
        frames_us = rtu.answer_bytes(self._request) * self._char_us
        frames_us += time.ticks_diff(self._busy_until_us, time.ticks_us())
        try:
            offset = await asyncio.wait_for_ms(
                self._receive(), self._timeout_ms + frames_us // 1000
            )
        except asyncio.TimeoutError:
            offset = -1
        if offset < 0:
            if self._length > rtu.echo_bytes(self._buf, self._length, self._request):
                state.crc_errors += 1
            else:
                state.timeouts += 1
        return offset

    async def _await_silence(self) -> None:
        """Drop what is late or noise, until the line was silent for 3.5 characters.

        A line that babbles on does not hold the master for longer than a timeout.
        """
        started_ms = time.ticks_ms()
        while time.ticks_diff(time.ticks_ms(), started_ms) < self._timeout_ms:
            if self._uart.any():
                self._uart.readinto(self._buf)
                self._touch(0)
            left_us = self._silence_us + time.ticks_diff(self._busy_until_us, time.ticks_us())
            # Above one request's time the stamp is so old that the ticks wrapped.
            if not 0 < left_us <= self._silence_us + rtu.REQUEST_BYTES * self._char_us:
                return
            if left_us >= 1000:
                await asyncio.sleep_ms(left_us // 1000)
            else:
                time.sleep_us(left_us)

    async def _send(self) -> None:
        """Put the request on the wire; the direction pin is high exactly meanwhile."""
        wire_us = rtu.REQUEST_BYTES * self._char_us
        self._length = 0
        if self._de is None:
            self._uart.write(self._request)
            self._touch(wire_us)
            return
        self._de.value(1)
        try:
            self._uart.write(self._request)
            if wire_us // 1000 > _TICK_MS:
                await asyncio.sleep_ms(wire_us // 1000 - _TICK_MS)
            self._uart.flush()
        finally:
            self._de.value(0)
        self._touch(0)

    async def _receive(self) -> int:
        """Collect bytes until they hold the answer: its offset, -1 when the buffer is full."""
        while self._length < len(self._buf):
            got = await self._reader.readinto(self._view[self._length :])
            if got:
                self._length += got
                self._touch(0)
            offset = rtu.find_answer(self._buf, self._length, self._request)
            if offset >= 0:
                return offset
            # Round up: a wake-up for the last byte alone costs more than a millisecond.
            await asyncio.sleep_ms((-offset * self._char_us + 999) // 1000)
        return -1

    def _touch(self, ahead_us: int) -> None:
        """The line is busy until `ahead_us` from now: silence counts from there."""
        self._busy_until_us = time.ticks_add(time.ticks_us(), ahead_us)

    def _rest(self, state: SlaveState) -> None:
        limit_ms = self._backoff_limit_ms
        state.backoff_ms = min(state.backoff_ms * 2 or self._backoff_ms, limit_ms)
        state.retry_at_ms = time.ticks_add(time.ticks_ms(), state.backoff_ms)
