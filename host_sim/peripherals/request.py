"""One operation that the firmware process asks of the world."""

from collections.abc import Callable
from typing import NamedTuple


class Request(NamedTuple):
    """Operation, handle, two integers and a payload (host_sim/shims/ops.py)."""

    op: int
    handle: int
    a: int
    b: int
    data: bytes


Answer = int | tuple[int, bytes]
Operations = dict[int, Callable[[Request], Answer]]
