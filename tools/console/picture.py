"""Draws a session with a simulated collector, as it was held: `python -m tools.console.picture
OUT.svg`, or `make picture`.

What is typed is told by the collector's own echo. Exit status 1 when it does not answer.
"""

import argparse
import io
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import SVG_EXPORT_THEME
from rich.text import Text

from tools.console.port import CollectorPort, PortError, Told
from tools.console.simulated import simulated_port

LINES = ("status", "pulses", "set meter.poll_s 5000", "commission")
SETTLED_S = 60.0  # a collector that has just started has no time and no broker for some seconds
_PROMPT = "pulsekeep> "
_COLUMNS = 100
_ANSWERED_S = 120.0
# rich's own would have a font from a server
_SVG = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: monospace; font-size: {char_height}px; }}
.{unique_id}-title {{ font-family: sans-serif; font-size: 18px; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix" xml:space="preserve">
{matrix}
</g>
</g>
</svg>
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0, or 1 with the reason on standard error."""
    options = _parser().parse_args(arguments)
    try:
        with simulated_port(options.vm) as name, CollectorPort(name) as port:
            session = held(port, options.say or LINES)
        options.output.write_text(drawn(session), encoding="utf-8")
    except (PortError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def held(port: CollectorPort, lines: Sequence[str]) -> str:
    """All that a terminal shows while somebody says these lines, from the first prompt on."""
    port.begin()
    port.await_status(_is_settled, SETTLED_S)  # without, it is drawn as it is
    session = _PROMPT
    _said(port, "json off")
    for line in lines:
        session += _said(port, line)
    return session.removesuffix(_PROMPT).replace("\r", "")


def drawn(session: str) -> str:
    """It as SVG, without anything of a network's."""
    console = Console(record=True, width=_COLUMNS, file=io.StringIO(), force_terminal=True)
    for line in session.splitlines():
        console.print(_styled(line))
    return console.export_svg(
        title="pulsekeep", theme=SVG_EXPORT_THEME, code_format=_SVG, unique_id="session"
    )


def _styled(line: str) -> Text:
    typed = line.removeprefix(_PROMPT)
    if typed != line:
        return Text.assemble((_PROMPT, "green"), (typed, "bold"))
    is_bad = " ok=no " in line or " is wrong; " in line or line.endswith("verdict FAIL")
    return Text(line, "yellow" if is_bad else "")


def _is_settled(status: Told) -> object:
    return status["broker"] and status["time_trusted"] and status["acked"]


def _said(port: CollectorPort, line: str) -> str:
    """What the terminal shows from there to the next prompt."""
    port.serial.write(line.encode() + b"\r")
    shown, until_s = b"", time.monotonic() + _ANSWERED_S
    while not shown.endswith(b"\n" + _PROMPT.encode()):
        if time.monotonic() > until_s:
            raise PortError(f"the simulated collector has not answered `{line}`")
        shown += port.serial.read(max(1, port.serial.in_waiting))
    return shown.decode(errors="replace")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.console.picture", description=__doc__)
    parser.add_argument("output", type=Path, metavar="OUT.svg")
    parser.add_argument("--vm", choices=("micropython", "cpython"), default="cpython")
    parser.add_argument("--say", action="append", metavar="LINE", help="instead of ours")
    return parser


if __name__ == "__main__":
    sys.exit(main())
