"""Runs in the firmware's place: the same hours, appended to a file on littlefs.

Two files take turns: `log` grows to `file_bytes`, then becomes `log.1`. One such turn is measured,
the change of files with it. Task: `text`: a line of JSON an hour, as hobby projects write it; else
the record of 32 bytes, with its CRC, that the journal would have written. `recoveries`: how often
the file system is mounted anew, and its newest entry found. `start_s`, `week` as in journal.py.
"""
# pyright: reportMissingImports=false, reportAttributeAccessIssue=false

import json

import esp32
import link
import ops
import vfs

from lib import frame, record

MARK, TASK, RESULT = 0, 1, 2  # tools/bench/flash.py
HOUR_S = 3600
LINE_MAX_BYTES = 256
RECORD_BYTES = 16
RECORD_MAX_BYTES = 128  # lib/record.py: the image has numbers, no names
RECOVER_EVERY = 8
NAMES = ("import_wh", "export_wh", "water_l", "gas_dm3")


def mark(word):
    """All since the last mark was `word`."""
    link.call(ops.REPORT, MARK, 0, 0, word)


class Hours:
    """Hour after hour of a house, in the one form or the other."""

    def __init__(self, task):
        self._next_s = task["start_s"]
        self._week = task["week"]
        self._text = task["text"]
        self._payload_bytes = task["payload_bytes"]
        self._place = 0
        self._buf = bytearray(RECORD_MAX_BYTES)

    def entry(self):
        """The next hour's bytes."""
        deltas = self._week[self._place % len(self._week)]
        start_s = self._next_s
        self._place += 1
        self._next_s += HOUR_S
        if self._payload_bytes:
            return bytes((self._place & 0xFF,)) * self._payload_bytes
        if self._text:
            line = {"time": start_s}
            for name, delta in zip(NAMES, deltas):  # noqa: B905  (MicroPython has no strict)
                line[name] = delta
            return (json.dumps(line, separators=(",", ":")) + "\n").encode()
        kind, payload = frame.pack(start_s, HOUR_S, deltas, [0] * len(deltas), start_s)
        seed = record.seed(1, 2, self._place)
        size = record.pack_into(self._buf, kind, 0, self._place, payload, seed)
        return self._buf[:size]


class Log:
    """The file that is written, and the one before it. `entries` and `before` count theirs."""

    def __init__(self, partition, file_bytes):
        self._partition = partition
        self._file_bytes = file_bytes
        self.turns = self.size = self.entries = self.before = 0
        vfs.VfsLfs2.mkfs(partition)
        self.mount()

    def mount(self):
        """MicroPython's own parameters, as on an ESP32."""
        self.fs = vfs.VfsLfs2(self._partition)
        self._file = self.fs.open("log", "ab")

    def unmount(self):
        self._file.close()
        self.fs.umount()

    def append(self, entry, flush=True):
        """Durable when it returns, if `flush`."""
        if self.size + len(entry) > self._file_bytes:
            self._turn()
        self._file.write(entry)
        if flush:
            self._file.flush()
        self.size += len(entry)
        self.entries += 1

    def flash_bytes(self):
        """What is in use."""
        self._file.flush()
        status = self.fs.statvfs("/")
        return (status[2] - status[3]) * status[1]

    def _turn(self):
        self._file.close()
        self.fs.rename("log", "log.1")  # replaces the one that was there
        self._file = self.fs.open("log", "ab")
        self.turns += 1
        self.size = 0
        self.before, self.entries = self.entries, 0


def newest(partition, text):
    """Mount, open, read the last entry and nothing else."""
    fs = vfs.VfsLfs2(partition)
    with fs.open("log", "rb") as log:
        log.seek(-(LINE_MAX_BYTES if text else RECORD_BYTES), 2)
        tail = log.read()
    mark(b"recover")
    fs.umount()
    mark(b"unmount")
    return json.loads(tail.split(b"\n")[-2])["time"] if text else tail[3]


def measure_turn(log, hours):
    """From the first entry of a file to the first of the next; returns the bytes appended."""
    written = 0
    while log.turns < 2:
        entry = hours.entry()
        log.append(entry)
        mark(b"append")
        written += len(entry)
    return written


def measure_recovery(log, hours, partition, task):
    """With both files all but full; each time at another place in the file system's own log."""
    ahead = task["recoveries"] * RECOVER_EVERY * len(hours.entry())
    while log.size < task["file_bytes"] - ahead - LINE_MAX_BYTES:
        log.append(hours.entry(), False)
    for _ in range(task["recoveries"]):
        for _ in range(RECOVER_EVERY):
            log.append(hours.entry())
        log.unmount()
        mark(b"between")
        newest(partition, task["text"])
        log.mount()


def main():
    """Fetch the task, do it, tell."""
    link.call(ops.REPORT, TASK)
    task = json.loads(bytes(link.payload))
    partition = esp32.Partition("journal")
    hours = Hours(task)
    log = Log(partition, task["file_bytes"])
    while not log.turns:
        log.append(hours.entry(), False)
    mark(b"begin")
    told = {"payload_bytes": measure_turn(log, hours)}
    measure_recovery(log, hours, partition, task)
    while log.size < task["file_bytes"] - LINE_MAX_BYTES:
        log.append(hours.entry(), False)
    told["flash_bytes"], told["entries"] = log.flash_bytes(), log.before + log.entries
    link.call(ops.REPORT, RESULT, 0, 0, json.dumps(told).encode())


main()
