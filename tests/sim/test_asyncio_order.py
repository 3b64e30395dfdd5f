"""Both VMs run tasks in the same order, and that order is MicroPython's.

Random programs (sleeps, ties, events, locks, flags, streams, timeouts, cancels, exceptions) run
on three stacks: CPython over `host_sim/asyncio`; MicroPython's frozen asyncio over our
`_asyncio`; and the same over its own C `_asyncio`, with the clock of its process under our
control. Their traces must be equal, line by line.

ASYNCIO_PROGRAMS sets how many, ASYNCIO_SEED runs a single one.
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from difflib import unified_diff
from pathlib import Path

import pytest

from tests import vm as vms

HOST_SIM = vms.ROOT / "host_sim"
PROGRAMS = Path(__file__).resolve().parent / "asyncio_programs"

PROGRAM_COUNT = int(os.environ.get("ASYNCIO_PROGRAMS", "1500"))
SINGLE_SEED = os.environ.get("ASYNCIO_SEED")
HEAP_COUNT = 800
CHUNK = 500  # programs per process: CPython keeps the tasks that programs leave behind
TIMEOUT_S = 120
DIFF_LINES = 40


def run(command: list[str]) -> str:
    """What a process prints; its failure is the test's, with all it had to say."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S)
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
    return done.stdout


def stack(name: str) -> list[str]:
    """The command of a stack, up to the seeds."""
    kind = "genuine" if name == "genuine" else "ours"
    vm = [sys.executable] if name == "cpython" else [str(vms.MICROPYTHON), "-X", "heapsize=8M"]
    return [*vm, str(PROGRAMS / "runner.py"), str(HOST_SIM), kind]


def run_programs(name: str) -> list[str]:
    """A line `seed steps checksum` for each program, run on a stack."""
    if SINGLE_SEED:
        return run([*stack(name), SINGLE_SEED, "1"]).splitlines()
    chunks = [
        [*stack(name), str(first), str(min(CHUNK, PROGRAM_COUNT - first))]
        for first in range(0, PROGRAM_COUNT, CHUNK)
    ]
    with ThreadPoolExecutor(max_workers=2) as pool:
        return [line for output in pool.map(run, chunks) for line in output.splitlines()]


def assert_equal_traces(lines: dict[str, list[str]], left: str, right: str):
    """Fail with the first seed that differs, and with where its two traces part."""
    assert len(lines[left]) == len(lines[right]) == (1 if SINGLE_SEED else PROGRAM_COUNT)
    for one, other in zip(lines[left], lines[right], strict=True):
        if one == other:
            continue
        seed = one.split()[0]
        traces = [run([*stack(name), seed, "1", "trace"]).splitlines() for name in (left, right)]
        diff = list(unified_diff(traces[0], traces[1], left, right, lineterm=""))[:DIFF_LINES]
        pytest.fail(f"seed {seed} (ASYNCIO_SEED={seed} runs it alone)\n" + "\n".join(diff))


@pytest.fixture(scope="module")
def simulated() -> list[str]:
    """The programs on MicroPython over our `_asyncio`; both comparisons need them."""
    return run_programs("micropython")


needs_micropython = pytest.mark.skipif(not vms.have_micropython(), reason=vms.NO_MICROPYTHON)


@needs_micropython
def test_both_vms_run_tasks_in_the_same_order(simulated: list[str]):
    # A scenario that passes on the fast VM must mean something for the true one.
    lines = {"cpython": run_programs("cpython"), "micropython": simulated}
    print(f"seeds {lines['cpython'][0].split()[0]} to {lines['cpython'][-1].split()[0]}")
    assert_equal_traces(lines, "cpython", "micropython")


@needs_micropython
def test_the_order_is_that_of_the_c_module(simulated: list[str]):
    # On the chip it is C code that queues the tasks, not ours.
    lines = {"genuine": run_programs("genuine"), "micropython": simulated}
    assert_equal_traces(lines, "genuine", "micropython")


@needs_micropython
def test_the_queue_has_the_shape_of_the_c_heap():
    # Keys too far apart for ticks to order still come out as they would on the chip.
    heaps = [str(vms.MICROPYTHON), str(PROGRAMS / "heaps.py"), str(HOST_SIM), "0", str(HEAP_COUNT)]
    assert run(heaps).split() == ["equal", str(HEAP_COUNT)]


def run_on_cpython(program: str) -> subprocess.CompletedProcess[str]:
    """Run a program that finds the simulator's asyncio and virtual time in place."""
    prepare = f"import runner; runner.prepare({str(HOST_SIM)!r}, 'ours')\nimport asyncio\n"
    command = [sys.executable, "-c", prepare + program]
    return subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, cwd=PROGRAMS)


def test_an_exception_nobody_awaits_is_printed():
    # A task dies unseen: the technician's console must show it, as on the chip.
    done = run_on_cpython(
        "async def dies():\n    raise ValueError('meter')\n"
        "async def main():\n    asyncio.create_task(dies())\n    await asyncio.sleep(1)\n"
        "asyncio.run(main())"
    )
    assert done.returncode == 0
    first_line, *_, last_line = done.stderr.splitlines()
    assert first_line == "Task exception wasn't retrieved"
    assert last_line == "ValueError: meter"


def test_a_task_that_is_forgotten_never_runs_its_finally():
    # CPython closes a lost coroutine whenever it collects it; MicroPython does not close it.
    done = run_on_cpython(
        "import gc\n"
        "async def lost():\n    try:\n        await asyncio.Event().wait()\n"
        "    finally:\n        print('closed')\n"
        "async def main():\n    asyncio.create_task(lost())\n    await asyncio.sleep(1)\n"
        "    gc.collect()\n    print('end', flush=True)\n    __import__('os')._exit(0)\n"
        "asyncio.run(main())"
    )
    assert done.stdout == "end\n"


def test_what_crashes_micropython_is_not_survived():
    # A failed task is awaited twice, once before its failure is reported: on the chip the C code
    # then raises None and the interpreter dies. A supervisor's `except` must not hide that.
    done = run_on_cpython(
        "async def dies():\n    raise ValueError\n"
        "async def look(task):\n    try:\n        await task\n"
        "    except Exception as error:\n        print(type(error).__name__, flush=True)\n"
        "async def main():\n    task = asyncio.create_task(dies())\n"
        "    asyncio.create_task(look(task))\n    await asyncio.sleep_ms(1)\n"
        "    await look(task)\n    print('survived')\n"
        "asyncio.run(main())"
    )
    assert done.returncode != 0
    assert done.stdout == "ValueError\n"
    assert done.stderr.splitlines()[-1].endswith("Crash: a failed task is awaited twice")
