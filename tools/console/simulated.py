"""A simulated collector's port, for who has no board at hand."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.build import ROOT
from tools.console.port import PortError


@contextmanager
def simulated_port(vm: str = "cpython", config: Path | None = None) -> Iterator[str]:
    """The name of the port, while the block runs."""
    command = [sys.executable, "-m", "host_sim.collector_terminal", "--vm", vm]
    program = subprocess.Popen(
        [*command, *(["--config", str(config)] if config else [])],
        cwd=ROOT,
        stdin=subprocess.PIPE,  # its end is the program's end, even if this one is killed
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for the console
    )
    assert program.stdout is not None
    try:
        path = program.stdout.readline().strip()
        if not path:
            raise PortError("the simulated collector did not start")
        yield path
    finally:
        program.communicate(timeout=10)
