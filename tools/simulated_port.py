"""A port of the bench, for who has no adapter or board at hand."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tools.build import ROOT

_ENDING_S = 10


@contextmanager
def simulated_port(module: str, failed: Exception, *arguments: str) -> Iterator[str]:
    """The name of the port that `python -m module` prints and serves, while the block runs;
    `failed` is raised when it prints none.
    """
    program = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,  # its end is the program's end, even if this one is killed
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for whoever uses the port
    )
    assert program.stdout is not None
    try:
        path = program.stdout.readline().strip()
        if not path:
            raise failed
        yield path
    finally:
        program.communicate(timeout=_ENDING_S)
