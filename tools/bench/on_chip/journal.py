"""Runs in the firmware's place: hour records into the journal, as the collector writes them.

Task: `fill_bytes` payload of the records that fill the ring before, 0 for hour records; `hours` to
measure; `payload_bytes` instead of a real hour's, or 0; `acks`: whether the head-end acknowledges
each hour; `recoveries`: hours after which the ring is recovered; `start_s`, `registers`, and
`week`, the deltas of 168 hours.
"""
# pyright: reportMissingImports=false, reportAttributeAccessIssue=false

import json

import esp32
import link
import ops

from journal import Journal
from lib import frame, registers

MARK, TASK, RESULT = 0, 1, 2  # tools/bench/flash.py
HOUR_S = 3600
EVENT = 0x11  # lib/record.py: the image has numbers, no names


def mark(word):
    """All since the last mark was `word`."""
    link.call(ops.REPORT, MARK, 0, 0, word)


class Hours:
    """Hour after hour of a house: frames, and the registers that go with them."""

    def __init__(self, task):
        self._next_s = task["start_s"]
        self._week = task["week"]
        self._place = 0
        self._payload_bytes = task["payload_bytes"]
        self._registers = registers.Registers(self._next_s, task["registers"], [0] * 4, [0] * 4)
        self.payload_bytes = 0

    def record(self):
        """The next hour as `(kind, payload)`."""
        deltas = self._week[self._place % len(self._week)]
        self._place += 1
        packed = frame.pack(self._next_s, HOUR_S, deltas, [0] * len(deltas), self._next_s)
        self._next_s += HOUR_S
        self._registers.close(self._next_s, deltas)
        if self._payload_bytes:
            packed = EVENT, bytes(self._payload_bytes)
        self.payload_bytes += len(packed[1])
        return packed

    def snapshot(self):
        """All registers, as the books give them to every sector."""
        return self._registers.pack()


def hour(journal, hours, ack_every, did):
    """What the collector does in an hour: append, erase ahead when due, acknowledge. `did` is told
    after each of them.
    """
    journal.append(*hours.record())
    did(b"append")
    journal.prepare()
    did(b"prepare")
    if ack_every and journal.newest - journal.acked >= ack_every:
        journal.ack(journal.newest)
        did(b"ack")


def unmeasured(word):
    """In place of `mark` where nothing is measured."""


def recover(word):
    """A boot at this moment: from nothing known to the newest record known. It only reads."""
    mark(b"between")
    Journal(esp32.Partition("journal")).open()
    mark(b"recover")


def fill(journal, hours, task):
    """Once around and a little further; the last two sectors always hold hour records."""
    sectors = journal.ring.sectors
    if task["fill_bytes"]:
        filler = bytes(task["fill_bytes"])
        while journal.state == "fresh" or journal.epoch < sectors:
            journal.append(EVENT, filler)
            journal.ack(journal.newest)
    while journal.state == "fresh" or journal.epoch < sectors + 2:
        hour(journal, hours, task["ack_every"], unmeasured)


def place(journal):
    """How far the journal has come since its first sector, in bytes."""
    return journal.epoch * 4096 + journal.offset


def main():
    """Fetch the task, do it, tell."""
    link.call(ops.REPORT, TASK)
    task = json.loads(bytes(link.payload))
    journal = Journal(esp32.Partition("journal"))
    journal.open()
    hours = Hours(task)
    journal.snapshot = hours.snapshot
    fill(journal, hours, task)
    mark(b"begin")
    began, hours.payload_bytes = place(journal), 0
    for _ in range(task["hours"]):
        hour(journal, hours, task["ack_every"], mark)
    told = {"ring_bytes": place(journal) - began, "payload_bytes": hours.payload_bytes}
    for _ in range(task["recoveries"]):
        hour(journal, hours, task["ack_every"], recover)
    link.call(ops.REPORT, RESULT, 0, 0, json.dumps(told).encode())


main()
