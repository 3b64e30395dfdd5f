"""Runs on MicroPython's own sockets and clock: the firmware's uplink ships the backlog that stands
in a journal, until the head-end has acknowledged all of it.

    micropython uplink.py TASK

TASK: a file; `host`, `port` of the broker, `collector`; `journal`: a file, the partition;
`weigh`: 1 to look for the most heap that is in use, which takes time.
Says in its last line: `elapsed_us` from before the connection to the last acknowledgement; with
`weigh`, `heap_peak`: live bytes beyond those in use before the session was made.
"""
# pyright: reportMissingImports=false, reportAttributeAccessIssue=false

import asyncio
import gc
import json
import sys
import time

sys.path.pop(0)  # this folder, whose names are not the firmware's

from drivers import broker
from health import Health
from journal import Journal
from lib import payload
from lib.outbox import Outbox
from settings_table import rows
from uplink import Uplink

sys.modules["network"] = sys  # none: the broker is told by its address, nobody asks for a name

SECTOR_BYTES = 4096
LONGEST_S = 120
INBOUND_BYTES, PACKET_BYTES = 320, 256  # assembly.py, drivers/broker.py


class Scale:
    """Finds the most that is live at any look, beyond what is now."""

    def __init__(self):
        gc.collect()
        self._before = gc.mem_alloc()
        self.peak = 0

    def look(self):
        """Weigh what is live just now."""
        gc.collect()
        self.peak = max(self.peak, gc.mem_alloc() - self._before)


class Partition:
    """Flash, in a file."""

    def __init__(self, path):
        self._file = open(path, "r+b")
        self._sectors = self._file.seek(0, 2) // SECTOR_BYTES
        self.on_read = None

    def ioctl(self, op, arg):
        """Count of blocks, their size, erase."""
        if op == 4:
            return self._sectors
        if op == 5:
            return SECTOR_BYTES
        self.writeblocks(arg, b"\xff" * SECTOR_BYTES, 0)
        return 0

    def readblocks(self, block, view, offset):
        """Fill `view`."""
        self._file.seek(block * SECTOR_BYTES + offset)
        self._file.readinto(view)
        if self.on_read:
            self.on_read()

    def writeblocks(self, block, view, offset):
        """Program."""
        self._file.seek(block * SECTOR_BYTES + offset)
        self._file.write(view)


class WeighedOutbox(Outbox):
    """Looks when a packet is complete."""

    scale = None

    def packet(self):
        self.scale.look()
        return super().packet()


class Clock:
    """It is set, and trusted."""

    def uptime_s(self):
        return time.ticks_ms() // 1000

    def unix_s(self):
        return 1776297600

    def is_trusted(self):
        return True


class Wifi:
    """It is there."""

    room = memoryview(bytearray(256))

    async def join(self, timeout_ms):
        return True

    def is_up(self):
        return True


class Books:
    """They have nothing to say."""

    trouble = None


def assembled(task, config, journal, recorded):
    """(uplink, session), as assembly.py makes them."""
    session = broker.BrokerSession(
        task["collector"],
        task["host"],
        task["port"],
        "",
        "",
        config["mqtt.keepalive_s"],
        bytearray(INBOUND_BYTES),
    )
    clock = Clock()
    health = Health(clock, None, None)
    about = (task["collector"], "bench", "unix")
    out = payload.writer(config["mqtt.message_bytes"])
    uplink = Uplink(config, Books(), journal, clock, recorded, Wifi(), session, health, about, out)
    return uplink, session


def watch(session, newest, on_heard):
    """`on_heard` is called for each message; the event is set by the last acknowledgement."""
    taken = session.on_message
    done = asyncio.Event()

    def on_message(topic, text):
        taken(topic, text)
        on_heard()
        if topic.endswith("/ack") and (payload.told(text, "upto") or 0) >= newest:
            done.set()

    session.on_message = on_message
    return done


async def drain(task):
    """Do the task."""
    partition = Partition(task["journal"])
    journal = Journal(partition)
    journal.open()
    with open("settings.txt") as table:
        config = {key: default for key, _, default, _ in rows(table)}
    scale = Scale()
    look = scale.look if task["weigh"] else lambda: None
    uplink, session = assembled(task, config, journal, asyncio.Event())
    done = watch(session, journal.newest, look)
    if task["weigh"]:
        partition.on_read = look
        WeighedOutbox.scale = scale
        session.sock = WeighedOutbox(PACKET_BYTES)
    gc.collect()
    gc.threshold(8192)  # main.py
    began_us = time.ticks_us()
    running = asyncio.create_task(uplink.run())
    await asyncio.wait_for(done.wait(), LONGEST_S)
    elapsed_us = time.ticks_diff(time.ticks_us(), began_us)
    running.cancel()
    return {"elapsed_us": elapsed_us, "heap_peak": scale.peak}


def main():
    """Read the task, do it, tell."""
    with open(sys.argv[1]) as file:
        task = json.load(file)
    print(json.dumps(asyncio.run(drain(task))))


main()
