"""Flashing by the real esptool, onto a chip of which only the boot loader's protocol is there:
what is written is what was made, and what must stay stays.
"""

import json
from pathlib import Path

import pytest
import serial
from mp_image_tool_esp32.partition_table import PartitionTable

from config import Config
from host_sim.models.nor import SECTOR_BYTES, Nor
from tests.sim.partition import Partition
from tests.tools.boot_loader import FLASH_ID_2MB, BootLoader
from tests.tools.stock_image import stock
from tests.vm import FIRMWARE, ROOT
from tools.flash import main
from tools.image import partitions
from tools.image.image import make
from tools.image.stock import read

BOARD = "esp32_devkit"
TABLE = PartitionTable.PART_TABLE_OFFSET
KEPT = slice(0x300000, 0x400000)
FILLED = bytes(range(256)) * 4096


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("image")
    (folder / "stock.bin").write_bytes(stock())
    path = folder / "image.bin"
    path.write_bytes(make(BOARD, read(folder / "stock.bin")).data)
    return path


def flash(chip: BootLoader, image: Path, *more: str, board: str = BOARD) -> int:
    # no line of a terminal resets anything
    given = ["--port", chip.port, "--image", str(image), "--reset", "no-reset"]
    return main([board, *given, *more])


def refusal(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line."""
    said = capsys.readouterr().err
    assert said.startswith("error: ") and said.count("\n") == 1, said
    return said


def test_all_is_written_and_what_lies_behind_stays(image: Path) -> None:
    with BootLoader() as chip:
        chip.flash[KEPT] = FILLED
        for _ in range(2):
            assert flash(chip, image) == 0
            data = image.read_bytes()
            assert chip.flash[0x1000 : 0x1000 + len(data)] == data
            assert chip.flash[KEPT] == FILLED


def test_a_configuration_goes_where_the_firmware_looks_for_it(
    image: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "site.json").write_text('{"interval_s": 900, "mqtt.host": "broker"}')
    with BootLoader() as chip:
        assert flash(chip, image, "--config", str(tmp_path / "site.json")) == 0
        nor = Nor(16 * SECTOR_BYTES)
        nor.store(bytes(chip.flash[0x3F0000:0x400000]))
    monkeypatch.chdir(FIRMWARE)
    found = Config(Partition(nor))
    assert found.problems == []
    assert (found.values["interval_s"], found.values["mqtt.host"]) == (900, "broker")


def test_a_wrong_configuration_is_refused_before_the_port_is_opened(
    image: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "site.json").write_text('{"interval_s": 901}')
    given = ["--port", "/dev/ttyNone", "--image", str(image)]
    assert main([BOARD, *given, "--config", str(tmp_path / "site.json")]) == 1
    assert "interval_s: 901 is wrong" in refusal(capsys)


def test_another_chip_is_left_alone(image: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with BootLoader() as chip:
        assert flash(chip, image, board="esp32_c3_devkit") == 1
        assert chip.flash == b"\xff" * len(chip.flash)
    assert "this chip is an esp32, and esp32c3 is wanted" in refusal(capsys)


def test_a_flash_that_is_too_small(image: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with BootLoader(flash_id=FLASH_ID_2MB) as chip:
        assert flash(chip, image) == 1
        assert chip.flash == b"\xff" * len(chip.flash)
    assert "this board has 2MB of flash, and 4 MB are needed" in refusal(capsys)


def test_a_flash_that_does_not_keep_what_is_written(
    image: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with BootLoader(flips=True) as chip:
        assert flash(chip, image) == 1
    assert "does not match" in refusal(capsys)


@pytest.mark.parametrize("name", ["journal", "identity"])
def test_a_journal_that_would_be_lost_is_not_unless_wanted(
    name: str, image: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = (ROOT / "boards" / BOARD / "partitions.csv").read_text()
    moved = {"journal": ("0x300000", "0xf0000"), "identity": ("0x3f0000", "0x10000")}[name]
    smaller = rows.replace(", ".join(moved), f"{moved[0]}, 0x8000")
    assert smaller != rows
    (tmp_path / "partitions.csv").write_text(smaller)
    older = partitions.table(tmp_path / "partitions.csv", 4 << 20).to_bytes()
    with BootLoader() as chip:
        chip.flash[TABLE : TABLE + len(older)] = older
        assert flash(chip, image) == 1
        assert chip.flash[TABLE : TABLE + len(older)] == older
        assert f"the {name} of this board lies elsewhere" in refusal(capsys)
        assert flash(chip, image, "--lose-data") == 0
        assert chip.flash[TABLE : TABLE + len(older)] != older


def test_a_port_that_is_in_use(image: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with BootLoader() as chip, serial.Serial(chip.port, exclusive=True):
        assert flash(chip, image) == 1
    assert "is in use: close mpremote or the other program" in refusal(capsys)


def test_a_port_that_is_not_there(image: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([BOARD, "--port", "/dev/ttyNone", "--image", str(image)]) == 1
    assert "/dev/ttyNone is not there; ports: " in refusal(capsys)


def test_an_image_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([BOARD, "--port", "/dev/ttyNone", "--image", str(tmp_path / "none")]) == 1
    assert "`make image BOARD=esp32_devkit` makes it" in refusal(capsys)


def test_a_board_that_says_nothing(image: Path, capsys: pytest.CaptureFixture[str]) -> None:
    class Dead(BootLoader):
        def run(self) -> None:
            """Nobody is there."""

    with Dead() as chip:
        assert flash(chip, image) == 1
    assert "Hold BOOT, press RESET" in refusal(capsys)


def test_every_board_says_its_chip_and_flash() -> None:
    for path in (ROOT / "boards").glob("*/board.json"):
        facts = json.loads(path.read_text(encoding="utf-8"))
        assert partitions.table(path.with_name("partitions.csv"), facts["flash_mib"] << 20)
