"""The simulated line, for who has no adapter at hand: meters of the bench on a pseudo-terminal."""

from contextlib import AbstractContextManager

from tools import simulated_port as bench
from tools.scan.line import LineError


def simulated_port() -> AbstractContextManager[str]:
    """The name of a port with one meter of each kind, while the block runs."""
    failed = LineError("the simulated line did not start")
    return bench.simulated_port("host_sim.meter_terminal", failed)
