"""Every board is whole: its folder, its flash, and a README that says the pins that the bench
wires.
"""

import csv
import re
from pathlib import Path

import pytest

from host_sim.wiring import WIRINGS
from tests.vm import ROOT
from tools.build import build

BOARDS = sorted(path.parent for path in (ROOT / "boards").glob("*/board.py"))
FLASH_BYTES = 4 << 20
FIRST_BYTE = 0x9000  # after the boot loader and the table itself
# On an ESP32-C3: strapping, the flash's own, the console.
TAKEN_ON_C3 = {2, 8, 9, *range(11, 18), 20, 21}


def readme_pins(board: Path) -> set[int]:
    """The numbers in the second column of the README's pin table."""
    readme = (board / "README.md").read_text(encoding="utf-8")
    return set(map(int, re.findall(r"^\|[^|]+\| (\d+) \|", readme, re.MULTILINE)))


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
    assert set(pins) <= readme_pins(board)


def test_the_c3_keeps_off_the_pins_the_chip_needs() -> None:
    assert not readme_pins(ROOT / "boards" / "esp32_c3_devkit") & TAKEN_ON_C3


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_an_image_can_be_built(board: Path) -> None:
    image = build(board.name)
    assert (image / "board.mpy").is_file()
    assert (image / "esp32_board.mpy").is_file()
