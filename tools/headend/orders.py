"""Commands to a collector as people and the head-end mean them, and as they are said."""

import json
from dataclasses import dataclass, field

from tools.headend.answers import Publication

Value = int | str | bool


class OrderError(Exception):
    """A command can not be given; the text says why, in one line."""


@dataclass(frozen=True)
class Order:
    """What a collector is to do, in the words of its commands, with its arguments."""

    word: str
    arguments: dict[str, Value] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """For the record of what was sent. What was set may be a password: only its key."""
        told = {key: value for key, value in self.arguments.items() if key != "value"}
        return " ".join([self.word, *map(str, told.values())])

    def publication(self, collector: str, boot: int, number: int) -> Publication:
        """To be published once, and not retained."""
        head = {"v": 1, "boot": boot, "id": number, "do": self.word}
        text = json.dumps(head | self.arguments, separators=(",", ":"))
        return f"ami/{collector}/command", text.encode()
