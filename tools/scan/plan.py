"""What to try in which order: what is likely first, and how long it may take.

A meter from the box has its factory settings and address 1; one that was set up has, most often,
still the speed and a small address. So the factory settings of all profiles come first, and small
addresses before large ones.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from tools.scan.models import Model
from tools.scan.settings import Settings

LIKELY_ADDRESSES = frozenset(range(1, 11))
ADDRESSES = range(1, 248)
PZEM_GENERAL = 248  # any PZEM answers to it, whatever its own address is

_REQUEST_BYTES = 8
# Two registers of voltage on every Eastron meter; others answer too, or refuse, which also counts.
_ANYBODY = (4, 0, 2)


class Step(NamedTuple):
    """One question: what is read is all the same, an exception is an answer too."""

    settings: Settings
    address: int
    function: int
    register: int
    words: int


class Plan(NamedTuple):
    """The steps, and how many of them are the likely ones."""

    steps: list[Step]
    likely: int

    def wait_s(self, patience_s: float) -> float:
        """How long it takes when nobody answers."""
        return sum(silence_s(step.settings, patience_s) for step in self.steps)

    def quick(self) -> "Plan":
        """The likely steps alone."""
        return Plan(self.steps[: self.likely], self.likely)


def silence_s(settings: Settings, patience_s: float) -> float:
    """What a slave that is not there costs: the request on the wire, the wait, the silence."""
    return _REQUEST_BYTES * settings.character_s + patience_s + settings.silence_s


def make_plan(
    models: Sequence[Model], wanted: Iterable[Settings], addresses: Iterable[int]
) -> Plan:
    """Steps for `wanted` settings, the profiles' own first, those of most profiles foremost."""
    own = [model.settings for model in models]
    order = sorted(dict.fromkeys(wanted), key=lambda each: -own.count(each))
    likely_settings = [each for each in order if each in own] or order
    asked = list(dict.fromkeys(addresses))
    near = [each for each in asked if each in LIKELY_ADDRESSES] or asked
    far = [each for each in asked if each not in near]
    steps = _steps(models, likely_settings, near)
    likely = len(steps)
    steps += _steps(models, likely_settings, far)
    rest = [each for each in order if each not in likely_settings]
    return Plan(steps + _steps(models, rest, near) + _steps(models, rest, far), likely)


def _steps(
    models: Sequence[Model], settings: Iterable[Settings], addresses: Iterable[int]
) -> list[Step]:
    return [
        Step(each, address, *question)
        for each in settings
        for address in addresses
        for question in _questions(models, each)
    ]


def _questions(models: Sequence[Model], settings: Settings) -> list[tuple[int, int, int]]:
    """(function, register, words) that the meters with these factory settings answer with words,
    since some cheap meter says nothing where an exception is due. One per function is enough.
    """
    fields = sorted(
        (function, register, 2)
        for model in models
        if model.settings == settings
        for function, register, _ in model.profile.blocks
    )
    return [next(group) for _, group in groupby(fields, key=lambda each: each[0])] or [_ANYBODY]
