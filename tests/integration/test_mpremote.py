"""MicroPython's own tool at the console: `mpremote connect` is a terminal like any other, and what
wants MicroPython's prompt does not get it.
"""

import os
import select
import subprocess
import sys
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport

from tools.console.port import CollectorPort
from tools.console.simulated import simulated_port

PATIENCE_S = 20.0
TRIES, TRY_S = 40, 0.5
PROMPT = "pulsekeep> "
CTRL_C, CTRL_RIGHT_BRACKET = "\x03", "\x1d"


class Technician:
    """Sits at a terminal in which a program runs, types, and sees all that it writes."""

    def __init__(self, *command: str) -> None:
        self._terminal, theirs = os.openpty()
        tty.setraw(theirs)
        self._program = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)

    def types(self, text: str) -> None:
        """Press keys."""
        os.write(self._terminal, text.encode())

    def sees(self, awaited: str, patience_s: float = PATIENCE_S) -> str:
        """All from the last look on, up to the text that is awaited; without it when it does not
        come.
        """
        seen, until_s = b"", time.monotonic() + patience_s
        while not seen.endswith(awaited.encode()):
            left_s = max(0.0, until_s - time.monotonic())
            if not select.select([self._terminal], [], [], left_s)[0]:
                break
            seen += os.read(self._terminal, 1)
        return seen.decode()

    def asks(self, line: str) -> str:
        """What comes behind the echo of a line, up to the prompt for the next."""
        self.types(line + "\r")
        echo = self.sees(line.rpartition(CTRL_C)[2] + "\r\n")
        answer = self.sees(PROMPT)
        assert answer.endswith(PROMPT), echo + answer
        return answer

    def leave(self) -> int:
        """Leave mpremote; its exit status."""
        self.types(CTRL_RIGHT_BRACKET)
        return self._program.wait(PATIENCE_S)

    def close(self) -> None:
        """Close the terminal, whatever runs in it."""
        self._program.kill()
        self._program.wait()
        os.close(self._terminal)


@contextmanager
def technician_in_mpremote(port: Path) -> Iterator[Technician]:
    """The collector is there, and asks for a line."""
    command = ("connect", str(port), "resume", "repl")
    technician = Technician(sys.executable, "-m", "mpremote", *command)
    try:
        for _ in range(TRIES):  # it has just been switched on
            technician.types("\r")
            if technician.sees(PROMPT, TRY_S).endswith(PROMPT):
                break
        yield technician
    finally:
        technician.close()


@pytest.fixture
def port(vm: str, tmp_path: Path) -> Iterator[Path]:
    """A collector's port, by a name such as an adapter has: a pseudo-terminal's own name is one of
    QEMU's for mpremote, which waits there for ever.
    """
    with simulated_port(vm) as name:
        link = tmp_path / "ttyUSB0"
        link.symlink_to(name)
        yield link


def test_mpremote_is_a_terminal_and_gets_no_prompt_of_micropython(
    port: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with technician_in_mpremote(port) as technician:
        assert "  board esp32_devkit\r\n" in technician.asks("status")
        assert "what the collector is, and how it is" in technician.asks("help")
        # Ctrl-C takes back what is typed, and ends nothing.
        assert "  uptime_s " in technician.asks(f"reboot{CTRL_C}ping")
        assert technician.leave() == 0
    # exec, cp, mount and the others begin with Ctrl-C and Ctrl-A; they would wait ten seconds.
    transport = SerialTransport(str(port))
    try:
        with pytest.raises(TransportError, match="could not enter raw repl"):
            transport.enter_raw_repl(timeout_overall=1)
    finally:
        transport.close()
    assert PROMPT in capsys.readouterr().out  # what came instead
    with CollectorPort(str(port)) as collector:
        collector.begin()
        status, line = collector.detail("status"), collector.detail("meter")
        *events, _ = collector.ask("events 20")
    assert status["boot"] == 1
    assert line["modbus_requests"] > 0 and line["modbus_timeouts"] == 0
    assert "task_failed" not in {told["event"]["type"] for told in events}
