"""The two Pythons that the firmware's code is tested on, and where the parts of the project lie.

A test asks for the fixture `vm` (see conftest.py) to run once on each; `run_plain` runs a plain
test file inside 32-bit MicroPython, whose integers, heap and language are those of the chip.
"""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIRMWARE = ROOT / "firmware"
SHIMS = ROOT / "host_sim" / "shims"
UMQTT = ROOT / ".cache" / "umqtt"
MICROPYTHON = ROOT / ".cache" / "micropython" / "bin" / "micropython"

VMS = ("cpython", "micropython")
NO_MICROPYTHON = "NOT TESTED: 32-bit MicroPython is not here (the start of `make test` says why)"

HEAP_KIB = 112  # what MicroPython leaves to the application on an ESP32 without PSRAM
FILE_TIMEOUT_S = 120
_RUNNER = Path(__file__).with_name("vm_main.py")
_MARK = "\x1e"  # ASCII record separator: begins a line that reports, whatever the tests print


@dataclass(frozen=True)
class Outcome:
    """What became of one test function: `failure` is None, or the text to show."""

    name: str
    failure: str | None
    output: str = ""


def have_micropython() -> bool:
    """Whether the 32-bit interpreter has been fetched."""
    return MICROPYTHON.exists()


def run_plain(path: Path, names: list[str], heap_kib: int = HEAP_KIB) -> dict[str, Outcome]:
    """Run functions of the plain test file `path` in a fresh interpreter; outcome by name.

    An interpreter that dies or hangs fails the function it was in; the rest get a new one.
    """
    outcomes: dict[str, Outcome] = {}
    todo = list(names)
    while todo:
        finished, ending = _one_process(path, todo, heap_kib)
        outcomes |= {outcome.name: outcome for outcome in finished}
        todo = todo[len(finished) :]
        if todo:
            victim = todo.pop(0)
            outcomes[victim] = Outcome(victim, ending)
    return outcomes


def _one_process(path: Path, names: list[str], heap_kib: int) -> tuple[list[Outcome], str]:
    """Outcomes in order, as far as one interpreter came, and how it ended."""
    search = (".frozen", str(FIRMWARE), str(ROOT), str(path.parent), str(UMQTT))
    command = [str(MICROPYTHON), "-X", f"heapsize={heap_kib}k", str(_RUNNER), str(path), *names]
    environment = {**os.environ, "MICROPYPATH": ":".join(search)}
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, timeout=FILE_TIMEOUT_S, check=False
        )
        stdout, stderr = done.stdout, done.stderr
        ending = f"the interpreter ended with status {done.returncode}"
    except subprocess.TimeoutExpired as late:
        stdout, stderr = late.stdout or b"", late.stderr or b""
        ending = f"the interpreter was stopped: not done after {FILE_TIMEOUT_S} s"
    outcomes, loose = _parse(stdout.decode(errors="replace"))
    return outcomes, "\n".join((ending, loose, stderr.decode(errors="replace"))).rstrip()


def _parse(stdout: str) -> tuple[list[Outcome], str]:
    """Outcomes reported, each with what was printed before it; what was printed after the last."""
    outcomes: list[Outcome] = []
    printed: list[str] = []
    for line in stdout.split("\n"):
        before, mark, report = line.partition(_MARK)
        printed.append(before)
        if mark:
            fields = json.loads(report)
            outcomes.append(Outcome(fields["name"], fields["failure"], "\n".join(printed)))
            printed = []
    return outcomes, "\n".join(printed)
