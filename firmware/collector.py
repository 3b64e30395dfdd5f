"""Reads the meters on time and hands what they show to the books."""

import asyncio

from micropython import const

from drivers.modbus import ModbusError
from lib import events

HEARTBEAT = "collector"
HEARTBEAT_S = const(900)  # beside the polling time
_RETRY_MS = const(2000)
_TURN_MS = const(100)
# a reading up to 30 s after a boundary counts as the boundary's (lib/interval.py)
_BOUNDARY_TRIES = const(10)
# a boundary that waits for a silent meter is looked at so often
_PENDING_MS = const(60000)


class Collector:
    """Polls the meter at every multiple of the polling time and at every interval boundary.

    on_round: called after each round of readings, whether the meter answered or not; or None.
    meter: a drivers.meter.Meter, or None.
    """

    def __init__(self, config, clock, books, meter, readings, pulses, journal, health):
        """meter, readings: None in a collector that has no meter."""
        self._poll_s = config["meter.poll_s"]
        self._clock = clock
        self._books = books
        self.meter = meter
        self._readings = readings
        self._pulses = pulses
        self._journal = journal
        self._health = health
        self._silent_since_s = None
        self._is_reading = False
        self.on_round = None

    async def run(self) -> None:
        """Meter for ever."""
        self._health.expect(HEARTBEAT, HEARTBEAT_S + self._poll_s)
        while True:
            at_boundary = self._is_boundary()
            self._pulses.look()  # before a meter that is silent makes it late
            answered = await self.read_meter()
            for _ in range(_BOUNDARY_TRIES if at_boundary else 0):
                if answered:
                    break
                await asyncio.sleep_ms(_RETRY_MS)
                answered = await self.read_meter()
            self._books.close_due()
            if self.on_round:
                self.on_round()
            self._journal.prepare()
            self._health.beat(HEARTBEAT)
            await self._rest()

    def _is_boundary(self) -> bool:
        return self._clock.now_s() >= self._books.next_boundary_s()

    async def read_meter(self) -> bool:
        """Read the meter once, when it is free; silence and its end are events, never values."""
        if self.meter is None:
            return True
        while self._is_reading:
            await asyncio.sleep_ms(_TURN_MS)
        self._is_reading = True
        try:
            values = await self.meter.poll()
        except ModbusError:
            values = None
        finally:
            self._is_reading = False
        if values is None:
            if self._silent_since_s is None:
                self._silent_since_s = self._clock.uptime_s()
                self._books.event(events.METER_SILENT, (self.meter.address,))
            return False
        if self._silent_since_s is not None:
            silent_s = self._clock.uptime_s() - self._silent_since_s
            self._silent_since_s = None
            self._books.event(events.METER_ANSWERS, (self.meter.address, silent_s))
        self._readings.take(values)
        return True

    async def _rest(self) -> None:
        """Until the next reading; a clock that becomes known meanwhile may bring a boundary. A
        meter that is read for the first time is soon read again: one reading alone opens nothing.
        """
        if self._readings and self._readings.is_opening():
            await asyncio.sleep_ms(_RETRY_MS)
            return
        if self._clock.unix_s() is None:
            try:
                await asyncio.wait_for_ms(self._clock.known.wait(), self._ms_to_next())
            except asyncio.TimeoutError:
                return
            if self._is_boundary():
                return
        await asyncio.sleep_ms(self._ms_to_next())

    def _ms_to_next(self) -> int:
        """Until the next multiple of the polling time, or the boundary if that comes first."""
        clock = self._clock
        due_s = (clock.now_s() // self._poll_s + 1) * self._poll_s
        boundary_s = self._books.next_boundary_s()
        if boundary_s <= clock.now_s():
            return min(clock.ms_until(due_s), _PENDING_MS)
        return clock.ms_until(min(due_s, boundary_s))
