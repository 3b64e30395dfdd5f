"""Somebody at the collector's serial port: types a line when the one before is answered."""

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

from host_sim.models.house import House
from host_sim.scenario import Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import START_S

SECOND_US = 1_000_000
PATIENCE_US = 20 * SECOND_US  # a word that finds no room in the heap waits for some
LOOK_US = SECOND_US // 20
BOARD = "esp32_devkit"
PROMPTS = ("pulsekeep> ", "locked> ")


class Visitor:
    """Plugs in at `from_s`; `lines` are texts to type, or functions that make one of the visitor
    (None: nothing). said: what was typed, and all that came back up to the next prompt, or to the
    end of the object in JSON.
    """

    def __init__(self, simulation: Simulation, from_s: float, *lines: Any) -> None:
        self.simulation = simulation
        self._world = simulation.world
        self._terminal = simulation.terminal
        self._lines: list[Any] = list(lines)
        self.said: list[tuple[str, str]] = []
        self.patience_us = PATIENCE_US
        self._world.at(int(from_s * SECOND_US), self._next)

    def answers(self, line: str) -> list[str]:
        """What came back for the line, each time that it was typed."""
        return [answer for typed, answer in self.said if typed == line]

    @property
    def endings(self) -> list[str]:
        """How each life of the collector ended."""
        return [life.ending for life in self.simulation.collector.lives]

    def objects(self, line: str) -> list[dict[str, Any]]:
        """The same, of the last time, in JSON."""
        return [json.loads(each) for each in self.answers(line)[-1].splitlines()]

    def _next(self) -> None:
        if not self._lines:
            return
        told = self._lines.pop(0)
        line = told if isinstance(told, str) else told(self)
        if line is None:
            self._next()
            return
        begin = len(self._terminal.text)
        self._terminal.type(line + "\r")
        until_us = self._world.now_us + self.patience_us
        self._world.after(LOOK_US, lambda: self._look(line, begin, until_us))

    def _look(self, line: str, begin: int, until_us: int) -> None:
        text = self._terminal.text[begin:]
        if not _is_over(text) and self._world.now_us < until_us:
            self._world.after(LOOK_US, lambda: self._look(line, begin, until_us))
            return
        for prompt in PROMPTS:
            text = text.removesuffix(prompt)
        self.said.append((line, text))
        self._next()


def visited(vm: str, *lines: Any, hours: int = 2, board: str = "", **settings: Any) -> Visitor:
    """A collector for some hours; somebody plugs in two minutes after the start. settings: by
    their names, with __ for a dot.
    """
    wanted = {"meter.poll_s": 300} | {
        key.replace("__", "."): value for key, value in settings.items()
    }
    scenario = Scenario(House(1, START_S), 1, hours, settings=wanted, board=board or BOARD)
    visitor = Visitor(Simulation(scenario, vm), 120, *lines)
    visitor.simulation.run()
    return visitor


def wait(seconds: float) -> Callable[[Visitor], None]:
    """Between two lines."""

    def waits(visitor: Visitor) -> None:
        world, rest = visitor._world, visitor._lines
        visitor._lines = []
        world.after(int(seconds * SECOND_US), lambda: _go_on(visitor, rest))

    return waits


def unlocks(secret: str) -> Callable[[Visitor], str]:
    """Answers the challenge of the line before."""

    def answers(visitor: Visitor) -> str:
        told = dict(each.split() for each in visitor.said[-1][1].splitlines() if "  " in each)
        return unlocking(secret, told["challenge"], told["collector"])

    return answers


def unlocking(secret: str, challenge: str, collector: str) -> str:
    """The line that answers a challenge."""
    message = f"{challenge} {collector}".encode()
    return "unlock " + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def _go_on(visitor: Visitor, lines: list[Any]) -> None:
    visitor._lines = lines
    visitor._next()


def _is_over(text: str) -> bool:
    if text.endswith(PROMPTS):
        return True
    last = text.rstrip("\r\n").splitlines()[-1:] if text.endswith("\r\n") else []
    return bool(last) and last[0].startswith(('{"done":', '{"refused":'))
