"""Runs in the firmware's place: reads meters through the Modbus driver, as fast as they answer.

Task: `uart`, `direction_pin`, `baud_bps`; `words` of a read; `reads` and `seconds` to time, at the
least; `warm_up_s` before that; `dead`: the address of a slave that is polled beside the good one
(address 1) and never answers, or 0; `tick`: whether another task wants to run every millisecond.
Result: `reads`, the `elapsed_us` that they took, `max_stall_us` of the other task.
"""
# pyright: reportMissingImports=false, reportAttributeAccessIssue=false

import asyncio
import json
import time

import link
import machine
import ops

from drivers.modbus import ModbusBackOff, ModbusMaster, ModbusTimeout

TASK, RESULT = 1, 2  # tools/bench/flash.py
READ_INPUT = 4
TICK_MS = 1


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


async def poll_dead(master, address, words):
    """What a program does that does not know that nobody is there."""
    while True:
        try:
            await master.read(address, READ_INPUT, 0, words)
        except ModbusBackOff:
            await asyncio.sleep_ms(10)
        except ModbusTimeout:
            pass


async def read_for(master, words, seconds, reads):
    """Read the good slave so long and so often at the least: (reads, time in us)."""
    count = 0
    # Added up read by read: ticks_us alone wraps after 18 minutes.
    elapsed_us = 0
    before_us = time.ticks_us()
    while count < reads or elapsed_us < seconds * 1000000:
        data = await master.read(1, READ_INPUT, 0, words)
        if data[2 * words - 1] != words - 1:
            raise ValueError("not what was asked for")
        now_us = time.ticks_us()
        elapsed_us += time.ticks_diff(now_us, before_us)
        before_us = now_us
        count += 1
    return count, elapsed_us


async def measure(task):
    """Do the task."""
    uart = machine.UART(task["uart"], task["baud_bps"], rxbuf=512, timeout=0)
    pin = machine.Pin(task["direction_pin"], machine.Pin.OUT, value=0)
    master = ModbusMaster(uart, task["baud_bps"], pin)
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
