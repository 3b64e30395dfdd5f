"""The Modbus driver at a wire: how much of it is used, whether the silence between frames is kept,
what a dead slave costs the others, and how long a poll keeps other tasks from running.
"""

from dataclasses import dataclass
from typing import Any

from rich.table import Table

from host_sim.process import ROOT
from tools.bench import figure
from tools.bench.bench import Progress, Results
from tools.bench.figure import Column, Figure
from tools.bench.wire import run_on_wire

NAME: str = "modbus"
PEER_NAME = "micropython-modbus"
UMODBUS = ROOT / ".cache" / "umodbus"  # tools/fetch_umodbus.py
PROGRAM = "modbus.py"
GOOD, DEAD = 1, 2  # addresses
CHARACTER_BITS = 10
REQUEST_BYTES, ANSWER_BYTES = 8, 5  # of the answer: without its words
SILENCE_CHARACTERS = 3.5
TIMEOUT_MS, BACKOFF_LIMIT_MS = 300, 60_000  # firmware/drivers/modbus.py, by default
MINUTE_MS = 60_000
DEAD_BPS = 9600
WORDS = 10
STALL_BPS = (1200, 2400, 4800, 9600, 19_200, 115_200)


def dead_slave_ms_per_minute() -> float:
    """One timeout in each back-off period: the request, the longest wait for an answer to begin,
    and its frame.
    """
    characters = REQUEST_BYTES + ANSWER_BYTES + 2 * WORDS
    timeout_ms = TIMEOUT_MS + characters * CHARACTER_BITS * 1000 / DEAD_BPS
    return timeout_ms * MINUTE_MS / BACKOFF_LIMIT_MS


FIGURES = (
    Figure("utilisation_9600_10regs", "use of the wire, 9600 bit/s, 10 words, %", 1, at_least=95),
    Figure("utilisation_19200_40regs", "  19 200 bit/s, 40 words, %", 1, at_least=95),
    Figure("gap_violations", "silence of 3.5 characters not kept", at_most=0),
    Figure(
        "dead_slave_cost_ms_per_minute",
        "a dead slave, ms of the line per minute",
        1,
        at_most=round(dead_slave_ms_per_minute(), 1),
    ),
    Figure("dead_slave_first_minute_ms", "  in its first minute, ms"),
    Figure("max_stall_ms", "longest stall of another task, ms", 1, at_most=10),
)
# By its documented pause of 100 ms after each answer; not part of this run.
ESPHOME = {"utilisation_9600_10regs": "about 30"}
CAPTION = """
Virtual time; what the program itself computes takes none. Use of the wire: request, 3.5
characters, answer, 3.5 characters, against the time that a read takes, of a slave that answers as
soon as it may; the UART hands an answer over two characters after its end. A dead slave is asked
whenever the driver lets it, beside a good one read all the time at 9600 bit/s; its target is one
timeout ({timeout_ms} ms and the frames) in each back-off period ({backoff_s} s). Stall: of a task
that is due every millisecond, at {slowest} to {fastest} bit/s, with and without a dead slave.
micropython-modbus: the same program with the library's own waiting; it has no rest for the dead.
ESPHome: from its documented pause of 100 ms after an answer, not of this run.
"""


@dataclass(frozen=True)
class Size:
    """How much is measured; the default is what the figures are published with."""

    reads: int = 500
    stall_reads: int = 50
    settle_s: int = 180  # until the back-off has reached its limit
    dead_s: int = 600


def measure(progress: Progress, size: Size = Size()) -> Results:
    """The driver, and its peer where it has been fetched."""
    results: Results = {NAME: _figures(progress, size, "")}
    if UMODBUS.is_dir():
        results[PEER_NAME] = _figures(progress, size, str(UMODBUS))
    return results


def tables(results: Results) -> list[Table]:
    """The driver's figures beside their targets, and its peers."""
    caption = CAPTION.format(
        timeout_ms=TIMEOUT_MS,
        backoff_s=BACKOFF_LIMIT_MS // 1000,
        slowest=STALL_BPS[0],
        fastest=STALL_BPS[-1],
    )
    columns = [Column("driver", results[NAME], ours=True)]
    if PEER_NAME in results:
        columns.append(Column("micropython-\nmodbus", results[PEER_NAME]))
    columns.append(Column("ESPHome,\nnot measured", ESPHOME))
    return [figure.table("The Modbus driver and its peers", caption, FIGURES, columns)]


def verdicts(results: Results) -> list[Results]:
    """All that has a target."""
    return figure.verdicts(NAME, FIGURES, results[NAME])


def _figures(progress: Progress, size: Size, peer: str) -> dict[str, Any]:
    """One master at lines of several speeds, alone and beside a dead slave; see the on-chip
    program for `peer`.
    """
    line = _Line(peer)
    whose = PEER_NAME if peer else "driver"
    with progress.step(f"Modbus, {whose}: use of the wire"):
        slow = line.read(9600, 10, reads=size.reads)
        fast = line.read(19_200, 40, reads=size.reads)
    with progress.step(f"Modbus, {whose}: stalls of another task"):
        ticking = [
            line.read(bps, WORDS, reads=size.stall_reads, tick=1, dead=dead)
            for bps in STALL_BPS
            for dead in (0, DEAD)
        ]
    with progress.step(f"Modbus, {whose}: a dead slave beside a good one"):
        alone = line.read(DEAD_BPS, WORDS, reads=size.reads)
        beside = {"dead": DEAD, "reads": 1}
        early = line.read(DEAD_BPS, WORDS, **beside, seconds=60)
        lasting = {"warm_up_s": size.settle_s, "seconds": size.dead_s}
        late = line.read(DEAD_BPS, WORDS, **beside, **lasting)
    return {
        "utilisation_9600_10regs": 100 * _wire_us(9600, 10) / _read_us(slow),
        "utilisation_19200_40regs": 100 * _wire_us(19_200, 40) / _read_us(fast),
        "gap_violations": line.gap_violations,
        "frames": line.frames,
        "dead_slave_cost_ms_per_minute": _lost_ms_per_minute(late, alone),
        "dead_slave_first_minute_ms": _lost_ms_per_minute(early, alone),
        "max_stall_ms": max(each["max_stall_us"] for each in ticking) / 1000,
    }


class _Line:
    """Runs the program for one master, and adds up what the lines saw."""

    def __init__(self, peer: str) -> None:
        self._peer = peer
        self.frames = 0
        self.gap_violations = 0

    def read(self, baud_bps: int, words: int, **further: Any) -> dict[str, Any]:
        """What the program told."""
        common = {"dead": 0, "tick": 0, "warm_up_s": 0, "seconds": 0}
        task = {"peer": self._peer, "baud_bps": baud_bps, "words": words, **common, **further}
        run = run_on_wire(PROGRAM, task, (GOOD,))
        self.frames += run.frames
        self.gap_violations += run.gap_violations
        return run.told


def _wire_us(baud_bps: int, words: int) -> float:
    """The least that a read can take; the simulated character is as long as whole microseconds
    allow.
    """
    characters = REQUEST_BYTES + ANSWER_BYTES + 2 * words + 2 * SILENCE_CHARACTERS
    return characters * (CHARACTER_BITS * 1_000_000 // baud_bps)


def _read_us(told: dict[str, Any]) -> float:
    return told["elapsed_us"] / told["reads"]


def _lost_ms_per_minute(told: dict[str, Any], alone: dict[str, Any]) -> float:
    """What the reads would have taken less without the dead slave."""
    lost_us = told["elapsed_us"] - told["reads"] * _read_us(alone)
    return lost_us / told["elapsed_us"] * MINUTE_MS
