"""A program on 32-bit MicroPython with the interpreter's own clock and sockets, in real time: no
world is behind it, and no pipe would be measured too.
"""

import asyncio
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from host_sim.process import MICROPYTHON, UMQTT, InterpreterMissing
from host_sim.scenario import ESP32_HEAP_BYTES
from tools.bench.flash import BOARD, PROGRAMS, BenchError
from tools.build import build
from tools.build import program as compiled
from tools.names import readable

LONGEST_S = 180


async def run_in_real_time(program: str, task: Mapping[str, Any]) -> dict[str, Any]:
    """Run `program` of the folder `on_chip` on an ESP32's heap, with the firmware as it is flashed
    within reach; what it says in its last line.
    """
    if not MICROPYTHON.exists():
        raise InterpreterMissing("no 32-bit MicroPython: `make bench` says why")
    path = f".frozen:{build(BOARD)}:{UMQTT}"
    with tempfile.TemporaryDirectory(prefix="pulsekeep-bench-") as folder:
        given = Path(folder) / "task.json"
        given.write_text(json.dumps(task))
        process = await asyncio.create_subprocess_exec(
            MICROPYTHON,
            *("-X", f"heapsize={ESP32_HEAP_BYTES}", compiled(PROGRAMS / program, BOARD), given),
            cwd=build(BOARD),
            env={**os.environ, "MICROPYPATH": path},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            said, _ = await asyncio.wait_for(process.communicate(), LONGEST_S)
        except TimeoutError:
            raise BenchError(f"{program}: not done after {LONGEST_S} s") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    console = readable(said.decode(errors="replace"), BOARD)
    if process.returncode:
        raise BenchError(f"{program}: {console}")
    return json.loads(console.splitlines()[-1])
