"""A traceback of the board leads back to the source."""

from tests.vm import ROOT
from tools.build import in_short, texts
from tools.names import readable
from tools.short_names import shortened

BOARD = "esp32_devkit"
CONSOLE = """\
task uplink failed:
Traceback (most recent call last):
  File "asyncio/core.py", line 1, in run_until_complete
  File "uplink", line 1, in {tell_status}
  File "drivers.broker", line 1, in <listcomp>
  File "drivers.broker", line 1, in {receive}
{link_error}: '{link_error}' object has no attribute '{heard}'
afterwards '{link_error}'
"""


def line_of(path: str, text: str) -> int:
    lines = (ROOT / path).read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_a_traceback_is_told_in_words_of_the_source() -> None:
    # The board says `_12` and `aB`, and line 1 of everything; what it says later is no name.
    sources, public = in_short(texts(BOARD))
    short = shortened(sources)["drivers.broker"].short
    console = CONSOLE.format(
        tell_status=public["tell_status"],
        link_error=public["LinkError"],
        receive=short["_receive"],
        heard=short["_heard_ms"],
    )
    told = readable(console, BOARD).splitlines()
    receive = line_of("firmware/drivers/broker.py", "async def _receive")
    tell = line_of("firmware/uplink.py", "def tell_status")
    assert told[:3] == console.splitlines()[:3]
    assert told[3:] == [
        f'  File "firmware/uplink.py", line {tell}, in Uplink.tell_status',
        '  File "firmware/drivers/broker.py", in <listcomp>',
        f'  File "firmware/drivers/broker.py", line {receive}, in BrokerSession._receive',
        "LinkError: 'LinkError' object has no attribute '_heard_ms'",
        f"afterwards '{public['LinkError']}'",
    ]


def test_other_text_stays_as_it_is() -> None:
    # Readings may look like short names.
    assert readable("channel _1 is well\n", BOARD) == "channel _1 is well\n"
