"""Opens a session with a collector, unlocked: `python -m tools.console [--port DEVICE]`, or
`make console`.

Ctrl-] ends it. With `--say` it says these lines, prints what is told as JSON, and ends. Exit
status 1 when nobody answers, or something is refused; one line says why, and what to do.
"""

import argparse
import getpass
import json
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from serial.tools.miniterm import Miniterm

from tools.console.port import CollectorPort, PortError, Refused
from tools.console.simulated import simulated_port
from tools.ending import status

_LOCK = b"\x15lock\r"
_SIMULATED = ("", "sim")
_REAL = "PORT=/dev/ttyUSB0"


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0, or 1 with the reason on standard error."""
    options = _parser().parse_args(arguments)
    try:
        with _port(options) as name, CollectorPort(name) as port:
            port.begin()
            was_locked = _unlock(port, options.secret)
            try:
                if options.say:
                    return _say(port, options.say)
                _talk(port)
            finally:
                if was_locked:
                    port.serial.write(_LOCK)
    except (PortError, Refused, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.console", description=__doc__)
    parser.add_argument("--port", default="", metavar="DEVICE", help="such as /dev/ttyUSB0")
    parser.add_argument("--secret", type=Path, metavar="FILE", help="that holds its secret")
    parser.add_argument("--say", action="append", metavar="LINE", help="may be repeated")
    return parser


def _port(options: argparse.Namespace) -> AbstractContextManager[str]:
    if options.port not in _SIMULATED:
        return nullcontext(options.port)
    print(f"a simulated collector; {_REAL} opens a real one", file=sys.stderr)
    return simulated_port()


def _unlock(port: CollectorPort, secret: Path | None) -> bool:
    """Whether it was locked: nobody may have claimed it yet."""
    if not port.detail("unlock"):
        return False
    if secret:
        port.unlock(secret.read_text(encoding="utf-8").strip())
    elif sys.stdin.isatty():
        port.unlock(getpass.getpass("secret of this collector: "))
    return True


def _say(port: CollectorPort, lines: Sequence[str]) -> int:
    for line in lines:
        for told in port.ask(line):
            print(json.dumps(told))
    return 0


def _talk(port: CollectorPort) -> None:
    print("Ctrl-] ends the session; `help` lists the words", file=sys.stderr)
    port.serial.write(b"json off\r")
    terminal = Miniterm(port.serial, echo=False, eol="cr", filters=())
    terminal.exit_character = "\x1d"
    terminal.menu_character = "\x14"
    terminal.set_rx_encoding("UTF-8")
    terminal.set_tx_encoding("UTF-8")
    terminal.start()
    terminal.join(True)
    terminal.join()


if __name__ == "__main__":
    sys.exit(status(main))
