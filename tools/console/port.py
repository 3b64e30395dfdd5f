"""A collector at the end of a serial port, asked in words and answering in JSON
(firmware/console/).
"""

import base64
import contextlib
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any, Self

import serial

BAUD_BPS = 115_200
_PATIENCE_S = 30.0  # a word that finds no room in the heap is tried three times
_BEGIN_PATIENCE_S = 3.0
_BEGINS = 20  # a collector that has just been reset takes some seconds to listen
_PART_PATIENCE_S = 10.0
_LOOK_S = 0.5
_CLEAR = "\x15"  # Ctrl-U: whatever somebody has begun to type

Told = dict[str, Any]


class PortError(Exception):
    """The port cannot be used, or nobody answers there; one line says why and what to do."""


class Refused(Exception):
    """The collector does not do that; the text is its own."""


class CollectorPort:
    """An open port, ours alone while it is open; a `with` block closes it."""

    def __init__(self, port: str) -> None:
        try:
            self.serial = serial.Serial(port, BAUD_BPS, timeout=0.1, exclusive=True)
        except (serial.SerialException, OSError, ValueError) as error:
            raise PortError(_why(port, error)) from error
        self._port = port

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):  # an adapter that was pulled out
            self.serial.close()

    def begin(self) -> Told:
        """Let it answer in JSON; what `ping` tells. PortError when nobody answers."""
        for number in range(_BEGINS):
            with contextlib.suppress(PortError):
                # later ones leave what has come: the answer to one before may be late
                self._write(f"{_CLEAR}json on", is_fresh=not number)
                self._answer("json", _BEGIN_PATIENCE_S)
                return self.detail("ping")
        raise PortError(
            f"{self._port}: no collector answers: is it this port, has the collector power, and"
            " does it run the firmware?"
        )

    def ask(self, line: str, patience_s: float = _PATIENCE_S) -> list[Told]:
        """Say a line; all that is told, the last one with "done". Refused, or PortError."""
        self._write(line)
        told = self._answer(line.split()[0], patience_s)
        if "refused" in told[-1]:
            raise Refused(told[-1]["refused"])
        return told

    def detail(self, line: str) -> Told:
        """What the last object tells of what was done."""
        return self.ask(line)[-1]["detail"]

    def unlock(self, secret: str) -> None:
        """Prove to know the secret, without telling it. Refused when it is another one."""
        told = self.detail("unlock")
        if told:
            message = f"{told['challenge']} {told['collector']}".encode()
            code = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
            self.ask(f"unlock {code}")

    def await_status(self, holds: Callable[[Told], object], patience_s: float) -> None:
        """Look at its status until that holds of it; for so long at the most."""
        until_s = time.monotonic() + patience_s
        while not holds(self.detail("status")) and time.monotonic() < until_s:
            time.sleep(_LOOK_S)

    def files(self) -> dict[str, str]:
        """SHA-256 of each file in site/, by its name."""
        told = self.ask("file")[:-1]
        return {each["file"]["name"]: each["file"]["sha256"] for each in told}

    def send(self, name: str, content: bytes) -> None:
        """Put a file into site/. Refused when it is not good: the one before it stays."""
        part_bytes = self.detail(f"file {name} {len(content)} {sha256(content)}")["part_bytes"]
        for begin in range(0, len(content), part_bytes):
            part = base64.b64encode(content[begin : begin + part_bytes]).decode()
            self._part(f"part {begin} {part}")

    def _part(self, line: str) -> None:
        """Once more without an answer: what is there already is passed over."""
        try:
            self.ask(line, _PART_PATIENCE_S)
        except PortError:
            self.ask(line)

    def _write(self, line: str, is_fresh: bool = True) -> None:
        try:
            if is_fresh:
                self.serial.reset_input_buffer()
            self.serial.write(line.encode() + b"\r")
        except (serial.SerialException, OSError) as error:
            raise PortError(_why(self._port, error)) from error

    def _answer(self, word: str, patience_s: float) -> list[Told]:
        """Objects up to the one that ends the answer to `word`. What the firmware prints between
        is not ours, nor is the answer to what was asked before.
        """
        told: list[Told] = []
        rest = b""
        until_s = time.monotonic() + patience_s
        while time.monotonic() < until_s:
            try:
                rest += self.serial.read(max(1, self.serial.in_waiting))
            except (serial.SerialException, OSError) as error:
                raise PortError(_why(self._port, error)) from error
            *lines, rest = rest.split(b"\n")
            for line in lines:
                told += _object(line)
                end = told[-1] if told else {}
                if "refused" in end or end.get("done") == word:
                    return told
                if "done" in end:
                    told = []
        raise PortError(f"{self._port}: the collector has not answered for {patience_s:.0f} s")


def sha256(content: bytes) -> str:
    """In hexadecimal, as `file` has it."""
    return hashlib.sha256(content).hexdigest()


def quoted(value: object) -> str:
    """A value as a word of a line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _object(line: bytes) -> list[Told]:
    begin = line.find(b"{")
    try:
        found = json.loads(line[begin:]) if begin >= 0 else None
    except ValueError:
        return []
    return [found] if isinstance(found, dict) else []


def _why(port: str, error: Exception) -> str:
    text = str(error)
    if "lock" in text or "busy" in text.lower():
        return f"{port}: another program has it: close that first (a terminal, mpremote?)"
    if "No such file" in text or "FileNotFound" in text:
        return f"{port}: there is no such port: is the cable plugged in? `make scan` lists none"
    if "Permission" in text:
        return f"{port}: you may not use it: join the group that owns it (dialout, on Debian)"
    return f"{port}: {text}: plug the cable in again"
