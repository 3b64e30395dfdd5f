"""The search: asks step by step, and listens again where something was odd."""

from collections.abc import Callable
from typing import NamedTuple

from tools.scan.line import Answer, Kind, Line, NotSpoken, stray_sender
from tools.scan.plan import Plan, Step, silence_s
from tools.scan.settings import Settings

_CHECKS = 3  # further requests to whoever said anything
_CALM = 3  # times the usual patience, when it is no longer about speed
_LINGER_S = 0.05  # two meters on one address think differently long: the other one comes behind


class Found(NamedTuple):
    """A slave that answered. `damaged` of `asked` answers were damaged or doubled."""

    settings: Settings
    address: int
    asked: int
    damaged: int

    @property
    def steady(self) -> bool:
        """Whether every answer was whole, and the only one."""
        return self.damaged == 0


class Damaged(NamedTuple):
    """An address at which something speaks, but never a whole answer."""

    settings: Settings
    address: int


class Search:
    """Works through a plan; `found`, `damaged` and `refused` are right at any moment, so an
    interrupted search is of use too.

    `on_step(remaining_s, step)` is told before each question how long the rest takes at the most.
    """

    def __init__(
        self,
        line: Line,
        plan: Plan,
        patience_s: float,
        on_step: Callable[[float, Step], None] = lambda remaining_s, step: None,
        on_found: Callable[[Found], None] = lambda found: None,
    ) -> None:
        self.found: list[Found] = []
        self.refused: dict[Settings, str] = {}  # what the adapter cannot do, and why
        self._damaged: list[Damaged] = []
        self._line = line
        self._plan = plan
        self._patience_s = patience_s
        self._on_step = on_step
        self._on_found = on_found
        self._before: Step | None = None

    @property
    def damaged(self) -> list[Damaged]:
        """Addresses with damaged answers only: at another parity, a whole one explains them."""
        whole = {(each.settings.baud_bps, each.address) for each in self.found}
        return [
            each for each in self._damaged if (each.settings.baud_bps, each.address) not in whole
        ]

    def run(self) -> None:
        """Ask everything. LineError when the port is gone."""
        remaining_s = self._plan.wait_s(self._patience_s)
        for step in self._plan.steps:
            self._on_step(remaining_s, step)
            remaining_s -= silence_s(step.settings, self._patience_s)
            if self._open(step.settings) and not self._known(step):
                self._try(step)
                self._before = step

    def _open(self, settings: Settings) -> bool:
        if settings in self.refused:
            return False
        try:
            self._line.use(settings)
        except NotSpoken as error:
            self.refused[settings] = str(error)
            return False
        return True

    def _known(self, step: Step) -> bool:
        """Whether this slave was found already: the number of stop bits makes no difference to a
        receiver, which looks at the first one only.
        """
        settings, address = step.settings, step.address
        return any(
            (each.settings.baud_bps, each.settings.parity) == (settings.baud_bps, settings.parity)
            and each.address == address
            for each in (*self.found, *self._damaged)
        )

    def _try(self, step: Step) -> None:
        answer = self._ask(step)
        if answer.kind is Kind.SILENT:
            return
        before = self._before
        late = stray_sender(answer.payload) if answer.kind is Kind.DAMAGED else None
        if late is not None and before and late == before.address != step.address:
            self._listen(before, self._ask_calmly(before))
            answer = self._ask_calmly(step)
        self._listen(step, answer)

    def _listen(self, step: Step, first: Answer) -> None:
        """Ask a few times more, with patience, and conclude."""
        if first.kind is Kind.SILENT:
            return
        answers = [first, *(self._ask_calmly(step) for _ in range(_CHECKS))]
        damaged = sum(each.kind is Kind.DAMAGED or each.doubled for each in answers)
        if any(each.whole for each in answers):
            found = Found(step.settings, step.address, len(answers), damaged)
            self.found.append(found)
            self._on_found(found)
        elif damaged > 1:  # once is a spark on the line
            self._damaged.append(Damaged(step.settings, step.address))

    def _ask(self, step: Step) -> Answer:
        return self._line.ask(*step[1:], self._patience_s)

    def _ask_calmly(self, step: Step) -> Answer:
        return self._line.ask(*step[1:], _CALM * self._patience_s, _LINGER_S)
