"""The Modbus driver at a wire: how much of it is used, whether the silence between frames is kept,
what a dead slave costs the others, and how long a poll keeps other tasks from running.
"""

from dataclasses import dataclass
from typing import Any

from rich.table import Table

from tools.bench import figure
from tools.bench.bench import Progress, Results
from tools.bench.figure import Column, Figure
from tools.bench.wire import Heard, run_on_wire

NAME: str = "modbus"
PROGRAM = "modbus.py"
GOOD, DEAD = 1, 2  # addresses
CHARACTER_BITS = 10
REQUEST_BYTES, ANSWER_BYTES = 8, 5  # of the answer: without its words
SILENCE_CHARACTERS = 3.5
TIMEOUT_MS, BACKOFF_LIMIT_MS = 300, 60_000  # firmware/drivers/modbus.py, by default
MINUTE_MS = 60_000
DEAD_BPS, DEAD_WORDS = 9600, 10
STALL_BPS = (1200, 2400, 4800, 9600, 19_200, 115_200)


def dead_slave_ms_per_minute() -> float:
    """One timeout in each back-off period: the request, the longest wait for an answer to begin,
    and its frame.
    """
    characters = REQUEST_BYTES + ANSWER_BYTES + 2 * DEAD_WORDS
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
CAPTION = """
Virtual time; what the program itself computes takes none. Use of the wire: request, 3.5
characters, answer, 3.5 characters, against the time that a read takes, of a slave that answers as
soon as it may; the UART hands an answer over two characters after its end. A dead slave is asked
whenever the driver lets it, beside a good one read all the time at 9600 bit/s; its target is one
timeout ({timeout_ms} ms and the frames) in each back-off period ({backoff_s} s). Stall: of a task
that is due every millisecond, at {slowest} to {fastest} bit/s.
"""


@dataclass(frozen=True)
class Size:
    """How much is measured; the default is what the figures are published with."""

    reads: int = 500
    stall_reads: int = 50
    settle_s: int = 180  # until the back-off has reached its limit
    dead_s: int = 600


def measure(progress: Progress, size: Size = Size()) -> Results:
    """The driver at lines of several speeds, alone and beside a dead slave."""
    heard: list[Heard] = []
    with progress.step("Modbus, use of the wire"):
        slow = _read(heard, 9600, 10, reads=size.reads)
        fast = _read(heard, 19_200, 40, reads=size.reads)
    with progress.step("Modbus, stalls of another task"):
        ticking = [
            _read(heard, bps, 10, reads=size.stall_reads, tick=1, dead=dead)
            for bps in STALL_BPS
            for dead in (0, DEAD)
        ]
    with progress.step("Modbus, a dead slave beside a good one"):
        alone = _read(heard, DEAD_BPS, DEAD_WORDS, reads=size.reads)
        beside = {"dead": DEAD, "reads": 1}
        early = _read(heard, DEAD_BPS, DEAD_WORDS, **beside, seconds=60)
        late = _read(
            heard, DEAD_BPS, DEAD_WORDS, **beside, warm_up_s=size.settle_s, seconds=size.dead_s
        )
    figures = {
        "utilisation_9600_10regs": 100 * _wire_us(9600, 10) / _read_us(slow),
        "utilisation_19200_40regs": 100 * _wire_us(19_200, 40) / _read_us(fast),
        "gap_violations": sum(each.gap_violations for each in heard),
        "dead_slave_cost_ms_per_minute": _lost_ms(late, alone) * 60 / size.dead_s,
        "dead_slave_first_minute_ms": _lost_ms(early, alone),
        "max_stall_ms": max(each["max_stall_us"] for each in ticking) / 1000,
        "frames": sum(each.frames for each in heard),
    }
    return {NAME: figures}


def tables(results: Results) -> list[Table]:
    """The driver's figures beside their targets."""
    caption = CAPTION.format(
        timeout_ms=TIMEOUT_MS,
        backoff_s=BACKOFF_LIMIT_MS // 1000,
        slowest=STALL_BPS[0],
        fastest=STALL_BPS[-1],
    )
    columns = [Column("driver", results[NAME], ours=True)]
    return [figure.table("The Modbus driver", caption, FIGURES, columns)]


def verdicts(results: Results) -> list[Results]:
    """All that has a target."""
    return figure.verdicts(NAME, FIGURES, results[NAME])


def _read(heard: list[Heard], baud_bps: int, words: int, **further: Any) -> dict[str, Any]:
    """What the program told; what the line saw goes into `heard`."""
    common = {"dead": 0, "tick": 0, "warm_up_s": 0, "seconds": 0}
    task = {"baud_bps": baud_bps, "words": words, **common, **further}
    run = run_on_wire(PROGRAM, task, (GOOD,))
    heard.append(run)
    return run.told


def _wire_us(baud_bps: int, words: int) -> float:
    """The least that a read can take; the simulated character is as long as whole microseconds
    allow.
    """
    characters = REQUEST_BYTES + ANSWER_BYTES + 2 * words + 2 * SILENCE_CHARACTERS
    return characters * (CHARACTER_BITS * 1_000_000 // baud_bps)


def _read_us(told: dict[str, Any]) -> float:
    return told["elapsed_us"] / told["reads"]


def _lost_ms(told: dict[str, Any], alone: dict[str, Any]) -> float:
    """What the same reads would have taken less without the dead slave."""
    return (told["elapsed_us"] - told["reads"] * _read_us(alone)) / 1000
