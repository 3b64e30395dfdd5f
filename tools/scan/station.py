"""One meter that was found: reads it, counts what went wrong, remembers when it last spoke."""

import time

from tools.scan.line import Answer, Kind, Line
from tools.scan.models import Model
from tools.scan.search import Found

from lib.modbus_rtu import EXCEPTIONS  # isort: skip

_TRIES = 2


class NoReading(Exception):
    """A block could not be read; the text says what came instead."""


class Counts:
    """requests = whole answers + exceptions + timeouts + crc_errors."""

    def __init__(self) -> None:
        self.requests = 0
        self.exceptions = 0
        self.timeouts = 0
        self.crc_errors = 0

    def add(self, answer: Answer) -> None:
        """Count one request by its end."""
        self.requests += 1
        self.exceptions += answer.kind is Kind.REFUSED
        self.timeouts += answer.kind is Kind.SILENT
        self.crc_errors += answer.kind is Kind.DAMAGED


class Station:
    """The slave `found` on `line`; every answer is awaited for `patience_s`."""

    def __init__(self, line: Line, found: Found, patience_s: float) -> None:
        self.found = found
        self.counts = Counts()
        self.values: list[int | None] = []  # of the model that was read last, by position
        self.problem = ""  # why the last reading failed
        self._line = line
        self._patience_s = patience_s
        self._read_s: float | None = None

    @property
    def age_s(self) -> float | None:
        """Seconds since `values` were read; None before the first time."""
        return None if self._read_s is None else time.monotonic() - self._read_s

    def words(self, function: int, register: int, count: int) -> bytes:
        """Registers as they are on the wire, asked for twice at the most. NoReading, LineError."""
        self._line.use(self.found.settings)
        answer = Answer(Kind.SILENT)
        for _ in range(_TRIES):
            answer = self._line.ask(
                self.found.address, function, register, count, self._patience_s
            )
            self.counts.add(answer)
            if answer.whole:
                break
        if answer.kind is Kind.WORDS:
            return answer.payload
        if answer.kind is Kind.REFUSED:
            code = answer.payload[0]
            raise NoReading(f"refused: {EXCEPTIONS.get(code, f'exception {code}')}")
        raise NoReading("no answer" if answer.kind is Kind.SILENT else "damaged answer")

    def read(self, model: Model) -> bool:
        """Take all values of `model` anew; False, with `problem`, and the old ones when not."""
        values: list[int | None] = [None] * len(model.profile.names)
        try:
            for block, (function, register, count) in enumerate(model.profile.blocks):
                model.profile.values(block, self.words(function, register, count), values)
        except NoReading as error:
            self.problem = str(error)
            return False
        self.values, self.problem = values, ""
        self._read_s = time.monotonic()
        return True
