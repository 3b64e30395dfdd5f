"""Runs in the firmware's place: counts a pulse input, window after window, and erases flash.

Task: `min_closed_ms` and `min_open_ms` of an input counted by interrupt, 0 for one on the hardware
counter; `windows` of `window_ms`, in each of which come `pulses`; `erase_ms`: the pause between
two erases, 0 for none.
"""
# pyright: reportMissingImports=false, reportAttributeAccessIssue=false

import json
import time

import esp32
import link
import machine
import ops

TASK, RESULT = 1, 2  # tools/bench/flash.py
WATER_PIN = 25  # boards/esp32_devkit
ERASE = 6  # Partition.ioctl


def input_of(task):
    """The input, as the firmware makes it."""
    pin = machine.Pin(WATER_PIN, machine.Pin.IN, machine.Pin.PULL_UP)
    if task["min_closed_ms"]:
        from drivers.contact import Contact

        return Contact(pin, task["min_closed_ms"], task["min_open_ms"])
    from drivers.pulse import PulseInput

    return PulseInput(0, pin)


def wait(until_ms, erase_ms, partition):
    """Until then, sleep, or erase and sleep; how many sectors were erased."""
    erased = 0
    while True:
        left_ms = time.ticks_diff(until_ms, time.ticks_ms())
        if left_ms <= 0:
            return erased
        time.sleep_ms(min(left_ms, erase_ms or left_ms))
        if erase_ms:
            partition.ioctl(ERASE, erased % partition.ioctl(4, 0))
            erased += 1


def main():
    """Fetch the task, do it, tell."""
    link.call(ops.REPORT, TASK)
    task = json.loads(bytes(link.payload))
    partition = esp32.Partition.find(esp32.Partition.TYPE_DATA, label="journal")[0]
    counted = input_of(task)
    until_ms, seen = time.ticks_ms(), 0
    told = {"pulses": 0, "lost": 0, "doubled": 0, "erases": 0}
    for _ in range(task["windows"]):
        until_ms = time.ticks_add(until_ms, task["window_ms"])
        told["erases"] += wait(until_ms, task["erase_ms"], partition)
        now = counted.pulses()
        excess = now - seen - task["pulses"]
        seen = now
        told["pulses"] += task["pulses"]
        told["lost"] += max(0, -excess)
        told["doubled"] += max(0, excess)
    told["bounces"] = counted.bounces()
    link.call(ops.REPORT, RESULT, 0, 0, json.dumps(told).encode())


main()
