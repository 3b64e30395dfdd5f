"""Every board is whole: its folder, its flash, and a README that says the pins that the bench
wires.
"""

import ast
import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from host_sim.wiring import WIRINGS
from tests.check.chips import CHIPS
from tests.vm import ROOT
from tools.build import build

BOARDS = sorted(path.parent for path in (ROOT / "boards").glob("*/board.py"))
FLASH_BYTES = 4 << 20
FIRST_BYTE = 0x9000  # after the boot loader and the table itself
DRIVEN = (
    "transmit",
    "MDC",
    "supply",
    "clock (",
    "direction",
    "/RE",
    "/SHDN",
    "SCL",
    "SDA",
    "valve",
)
MEASURED = ("current", "mains sense")  # by ADC, some of them where so configured


def readme_pins(board: Path) -> dict[int, str]:
    """Function by number, of the README's pin table."""
    readme = (board / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| (\d+) \|", readme, re.MULTILINE)
    pins = {int(number): function for function, number in rows}
    assert len(pins) == len(rows), "a pin is told twice"
    return pins


def makers_pins(board: Path) -> set[int]:
    """What is wired on the board."""
    readme = (board / "README.md").read_text(encoding="utf-8")
    return {int(pin) for pin in re.findall(r"^\| [^|]+ \| (\d+) \| on the board", readme, re.M)}


def code_pins(board: Path) -> set[int]:
    """The numbers in what board.py calls a pin, and in Pin(...)."""
    found: set[int] = set()
    for node in ast.walk(ast.parse((board / "board.py").read_text(encoding="utf-8"))):
        told: list[ast.expr] = []
        if isinstance(node, ast.Assign) and "pin" in ast.unparse(node.targets[0]).lower():
            told = [node.value]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "Pin":
            told = node.args[:1]
        for value in told:
            for part in ast.walk(value):
                if isinstance(part, ast.Constant) and isinstance(part.value, int):
                    found.add(part.value)
    return found


def facts(board: Path) -> dict[str, Any]:
    """What board.json says."""
    return json.loads((board / "board.json").read_text(encoding="utf-8"))


def test_the_bench_can_wire_every_board() -> None:
    assert {board.name for board in BOARDS} == WIRINGS.keys()


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_the_partitions_fit_and_do_not_overlap(board: Path) -> None:
    with (board / "partitions.csv").open(newline="") as table:
        rows = list(csv.reader(line for line in table if not line.startswith("#")))
    spans = sorted((int(row[3], 0), int(row[3], 0) + int(row[4], 0)) for row in rows)
    assert spans[0][0] == FIRST_BYTE
    assert spans[-1][1] <= FLASH_BYTES
    assert all(end <= start for (_, end), (start, _) in zip(spans, spans[1:], strict=False))
    assert all(start % 4096 == end % 4096 == 0 for start, end in spans)
    assert {"factory", "journal", "identity"} <= {row[0] for row in rows}


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_the_readme_says_every_pin_that_is_wired(board: Path) -> None:
    wiring = WIRINGS[board.name]
    pins = [wiring.rs485_direction_pin, wiring.mains_pin, *(wiring.i2c_pins or ())]
    for by_channel in (wiring.pulse_pins, wiring.reverse_pins, wiring.loop_pins):
        pins += by_channel.values()
    assert len(pins) == len(set(pins))
    assert {pin for pin in pins if pin is not None} <= readme_pins(board).keys()


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_the_code_and_the_readme_name_the_same_pins(board: Path) -> None:
    assert code_pins(board) == set(readme_pins(board))


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_no_pin_is_one_that_the_chip_cannot_give(board: Path) -> None:
    chip = CHIPS[facts(board)["mcu"]]
    for pin, function in readme_pins(board).items():
        refusal = chip.refusal(pin, any(word in function for word in DRIVEN))
        if refusal == "strapping" and pin in makers_pins(board):
            continue  # the maker has seen to that
        assert not refusal, f"{function}, {pin}: {refusal}"
        if any(word in function for word in MEASURED):
            assert pin in chip.adc1, f"{function}, {pin}: not of ADC1"


def test_a_pin_that_cannot_be_is_refused() -> None:
    esp32 = CHIPS["esp32"]
    assert esp32.refusal(34, is_output=True) == "input only"
    assert esp32.refusal(34, is_output=False) is None
    assert [esp32.refusal(pin, False) for pin in (12, 6, 1, 40)] == [
        "strapping",
        "flash",
        "console",
        "the chip has no such pin",
    ]
    assert CHIPS["esp32c3"].refusal(9, False) == "strapping"


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_the_facts_are_there(board: Path) -> None:
    told = facts(board)
    assert told.keys() == {"product", "vendor", "url", "mcu", "psram", "flash_mib", "micropython"}
    assert told["mcu"] in CHIPS
    assert told["psram"] is False  # on an ESP32 it takes the pins 16 and 17
    assert told["flash_mib"] << 20 == FLASH_BYTES
    assert told["url"].startswith("https://")


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_an_image_can_be_built(board: Path) -> None:
    image = build(board.name)
    assert (image / "board.mpy").is_file()
    assert (image / "esp32_board.mpy").is_file()
