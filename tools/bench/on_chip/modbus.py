"""Runs in the firmware's place: reads a meter as fast as it answers, through the firmware's Modbus
driver or through a peer.

Task: `peer`: the folder that holds the package umodbus, or "" for the driver; `uart`,
`direction_pin`, `baud_bps`; `words` of a read; `reads` and `seconds` to time, at the least;
`warm_up_s` before that; `dead`: the address of a slave that is polled beside the good one
(address 1) and never answers, or 0; `tick`: whether another task wants to run every millisecond.
Result: `reads`, the `elapsed_us` that they took, `max_stall_us` of the other task.
"""
# pyright: reportMissingImports=false, reportAttributeAccessIssue=false

import asyncio
import json
import sys
import time

import link
import machine
import ops

from drivers.modbus import ModbusBackOff, ModbusMaster, ModbusTimeout

TASK, RESULT = 1, 2  # tools/bench/flash.py
GOOD = 1
READ_INPUT = 4
TICK_MS = 1
ANY_PIN = 17  # wherever the wires are: the bench knows the UART by its number


class Driver:
    """The firmware's."""

    def __init__(self, task):
        uart = machine.UART(task["uart"], task["baud_bps"], rxbuf=512, timeout=0)
        pin = machine.Pin(task["direction_pin"], machine.Pin.OUT, value=0)
        self._master = ModbusMaster(uart, task["baud_bps"], pin)

    async def last_word(self, slave, words):
        """Read `words` from the first on; the last of them, None when the slave is at rest."""
        try:
            data = await self._master.read(slave, READ_INPUT, 0, words)
        except ModbusBackOff:
            return None
        return data[2 * words - 2] << 8 | data[2 * words - 1]


class Peer:
    """micropython-modbus. It has no asyncio: while it waits, nobody else runs."""

    def __init__(self, task):
        sys.path.append(task["peer"])
        from umodbus.serial import Serial

        self._serial = Serial(
            task["uart"],
            task["baud_bps"],
            pins=(ANY_PIN, ANY_PIN),
            ctrl_pin=task["direction_pin"],
        )

    async def last_word(self, slave, words):
        """Read `words` from the first on; the last of them."""
        await asyncio.sleep_ms(0)  # between two reads others get their turn
        return self._serial.read_input_registers(slave, 0, words, False)[-1]


class Ticker:
    """A task that wants to run every millisecond."""

    def __init__(self):
        self.max_stall_us = 0

    async def run(self):
        while True:
            due_us = time.ticks_add(time.ticks_us(), TICK_MS * 1000)
            await asyncio.sleep_ms(TICK_MS)
            late_us = time.ticks_diff(time.ticks_us(), due_us)
            self.max_stall_us = max(self.max_stall_us, late_us)


async def poll_dead(master, slave, words):
    """What a program does that does not know that nobody is there."""
    while True:
        try:
            await master.last_word(slave, words)
            await asyncio.sleep_ms(10)  # at rest
        except (ModbusTimeout, OSError):
            pass


async def read_for(master, words, seconds, reads):
    """Read the good slave so long and so often at the least: (reads, time in us)."""
    count = 0
    # Added up read by read: ticks_us alone wraps after 18 minutes.
    elapsed_us = 0
    before_us = time.ticks_us()
    while count < reads or elapsed_us < seconds * 1000000:
        if await master.last_word(GOOD, words) != words - 1:
            raise ValueError("not what was asked for")
        now_us = time.ticks_us()
        elapsed_us += time.ticks_diff(now_us, before_us)
        before_us = now_us
        count += 1
    return count, elapsed_us


async def measure(task):
    """Do the task."""
    master = (Peer if task["peer"] else Driver)(task)
    words = task["words"]
    ticker = Ticker()
    if task["tick"]:
        asyncio.create_task(ticker.run())
    if task["dead"]:
        asyncio.create_task(poll_dead(master, task["dead"], words))
    if task["warm_up_s"]:
        await read_for(master, words, task["warm_up_s"], 1)
    count, elapsed_us = await read_for(master, words, task["seconds"], task["reads"])
    return {"reads": count, "elapsed_us": elapsed_us, "max_stall_us": ticker.max_stall_us}


def main():
    """Fetch the task, do it, tell."""
    link.call(ops.REPORT, TASK)
    told = asyncio.run(measure(json.loads(bytes(link.payload))))
    link.call(ops.REPORT, RESULT, 0, 0, json.dumps(told).encode())


main()
