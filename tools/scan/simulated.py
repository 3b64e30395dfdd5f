"""The simulated line, for who has no adapter at hand: meters of the bench on a pseudo-terminal."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tools.firmware_path import FIRMWARE
from tools.scan.line import LineError


@contextmanager
def simulated_port() -> Iterator[str]:
    """The name of a port with one meter of each kind, while the block runs."""
    program = subprocess.Popen(
        [sys.executable, "-m", "host_sim.meter_terminal"],
        cwd=FIRMWARE.parent,
        stdin=subprocess.PIPE,  # its end is the program's end, even if this one is killed
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for the scan alone
    )
    assert program.stdout is not None
    try:
        path = program.stdout.readline().strip()
        if not path:
            raise LineError("the simulated line did not start")
        yield path
    finally:
        program.communicate(timeout=5)
