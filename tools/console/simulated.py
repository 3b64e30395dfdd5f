"""A simulated collector's port, for who has no board at hand."""

from contextlib import AbstractContextManager

from tools import simulated_port as bench
from tools.console.port import PortError


def simulated_port(vm: str = "cpython", *options: str) -> AbstractContextManager[str]:
    """The name of the port, while the block runs. options: of host_sim/collector_terminal.py."""
    failed = PortError("the simulated collector did not start")
    return bench.simulated_port("host_sim.collector_terminal", failed, "--vm", vm, *options)
