"""What is said in simulations while tests run, held against the contract.

A stranger on the broker may say anything: that is what some tests are about. The collector and the
head-end may not.
"""

from collections.abc import Callable
from typing import Any

from host_sim.trace import Trace
from tests import contract

_STRANGER = "stranger"


class Overheard:
    """Listens wherever a trace notes a message; `wrong` is what was said against the contract."""

    def __init__(self) -> None:
        self.wrong: list[str] = []

    def listen(self, replace: Callable[[object, str, Any], None]) -> None:
        """From now on; `replace` sets an attribute for as long as it matters."""
        add = Trace.add

        def noted(trace: Trace, at_us: int, kind: str, data: bytes) -> None:
            add(trace, at_us, kind, data)
            if kind.startswith("publish "):
                self._hear(at_us, kind, data)

        replace(Trace, "add", noted)

    def take(self) -> list[str]:
        """What was wrong since the last call."""
        wrong, self.wrong = self.wrong, []
        return wrong

    def _hear(self, at_us: int, kind: str, data: bytes) -> None:
        # A real connection (host_sim/wire_tap.py) does not tell the client's name.
        _, *client, topic = kind.split(" ")
        if client != [_STRANGER]:
            found = contract.problems(topic, data)
            self.wrong += [f"at {at_us} us {problem} in {data!r}" for problem in found]
