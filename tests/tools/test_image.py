"""What is written onto a board: read back by another tool and by MicroPython itself."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from mp_image_tool_esp32.partition_table import PartitionTable

from tests.tools.stock_image import APP, FIRST_BYTE, TABLE, image, stock
from tests.vm import FIRMWARE, MICROPYTHON, NO_MICROPYTHON, have_micropython
from tools import boards
from tools.build import build, files
from tools.image.__main__ import main
from tools.image.filesystem import FilesystemFull, packed
from tools.image.image import Image, ImageError, make
from tools.image.stock import read

# Mounts a file as MicroPython mounts a partition, and prints what is there.
MOUNT = """
import os, sys, vfs
class Device:
    def __init__(self, path):
        self.file = open(path, "rb")
    def readblocks(self, block, buffer, offset=0):
        self.file.seek(block * 4096 + offset)
        self.file.readinto(buffer)
    def writeblocks(self, block, buffer, offset=0):
        raise OSError(30)
    def ioctl(self, operation, argument):
        return {4: 256, 5: 4096}.get(operation, 0)
vfs.mount(vfs.VfsLfs2(Device(sys.argv[1])), "/board")
def show(folder):
    for name, kind, *_ in sorted(os.ilistdir(folder)):
        path = folder + "/" + name
        if kind == 0x4000:
            show(path)
        else:
            with open(path, "rb") as file:
                data = file.read()
            print(path[7:], len(data), sum(data))
show("/board")
"""


def mounted(made: Image, folder: Path) -> set[str]:
    """A line for each file in it, by MicroPython."""
    partition, script = folder / "vfs.bin", folder / "mount.py"
    partition.write_bytes(made.data[0x200000 - made.first_byte :])
    script.write_text(MOUNT)
    command = [str(MICROPYTHON), "-X", "heapsize=2M", str(script), str(partition)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return set(said.splitlines())


def told_of(contents: Mapping[str, bytes]) -> set[str]:
    """The same, of files by their place."""
    return {f"{place} {len(data)} {sum(data)}" for place, data in contents.items()}


def frozen(board: str) -> list[str]:
    """The texts of a MicroPython with the firmware of that board in it."""
    names = [place.as_posix() for place in files(board) if place.suffix == ".py"]
    return ["_boot.py", *names, "", board]


@pytest.fixture
def micropython(tmp_path: Path) -> Path:
    path = tmp_path / "ESP32_GENERIC.bin"
    path.write_bytes(stock())
    return path


@pytest.mark.parametrize("board", boards.names())
def test_it_is_read_back_as_it_was_made(board: str, tmp_path: Path) -> None:
    chip = "esp32c3" if "c3" in board else "esp32"
    path = tmp_path / "stock.bin"
    path.write_bytes(stock(chip))
    target = tmp_path / "image.bin"
    assert main([board, "--micropython", str(path), "--output", str(target)]) == 0
    data, whole, first = target.read_bytes(), stock(chip), FIRST_BYTE[chip]
    assert data[:1000] == whole[:1000]
    assert data[APP - first : APP - first + len(whole[APP - first :])] == whole[APP - first :]
    table = PartitionTable.from_bytes(data[TABLE - first : TABLE - first + 4096])
    assert [(entry.name, entry.offset) for entry in table][-3:] == [
        ("vfs", 0x200000),
        ("journal", 0x300000),
        ("identity", 0x3F0000),
    ]
    assert first + len(data) == 0x300000  # what must stay lies behind


@pytest.mark.skipif(not have_micropython(), reason=NO_MICROPYTHON)
def test_micropython_mounts_it_and_finds_every_file(micropython: Path, tmp_path: Path) -> None:
    site = tmp_path / "certificates"
    site.mkdir()
    (site / "ca.crt").write_bytes(b"a certificate")
    folder = build("esp32_devkit")
    expected = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    made = make("esp32_devkit", read(micropython), site)
    assert mounted(made, tmp_path) == told_of(expected | {"site/ca.crt": b"a certificate"})


@pytest.mark.skipif(not have_micropython(), reason=NO_MICROPYTHON)
@pytest.mark.parametrize("board", boards.names())
def test_beside_frozen_firmware_there_is_only_what_it_reads(board: str, tmp_path: Path) -> None:
    # MicroPython looks for a module in the file system first: code there would be in the heap.
    path = tmp_path / "stock.bin"
    path.write_bytes(stock(boards.facts(board)["mcu"], frozen=frozen(board)))
    expected = {
        place.relative_to(FIRMWARE).as_posix(): place.read_bytes()
        for place in FIRMWARE.rglob("*.txt")
    }
    assert {"settings.txt", "profiles/sdm630.txt"} <= expected.keys()
    assert mounted(make(board, read(path)), tmp_path) == told_of(expected)


@pytest.mark.parametrize(
    ("built", "without", "told"),
    [
        ("esp32_devkit", "words/help.py", "has no words/help.py: build it again"),
        ("olimex_esp32_poe_iso", "", "not built with boards/esp32_devkit/manifest.py"),
    ],
)
def test_another_frozen_firmware_is_refused(
    built: str, without: str, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "stock.bin"
    path.write_bytes(stock(frozen=[name for name in frozen(built) if name != without]))
    with pytest.raises(ImageError, match=told):
        make("esp32_devkit", read(path))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "no boot loader of an ESP32"),
        (b"\x7fELF" * 100, "no boot loader of an ESP32"),
        (stock("esp32s3"), "is for esp32s3; there are boards for esp32 and esp32c3"),
        (stock()[: APP - 0x1000], "no application of an ESP32"),
        (stock()[:-1000], "its application is cut off"),
        (stock()[:100] + b"x" + stock()[101:], "its boot loader is damaged"),
        (stock()[:-2000] + b"x" + stock()[-1999:], "its application is damaged"),
        (stock(version="v1.25.0"), "is MicroPython v1.25.0; it must be 1.26 or newer"),
        (stock(version="v1.9.4-8-ga9a3caad0"), "is MicroPython v1.9.4-8-ga9a3caad0; it must be"),
        (stock(version="own build"), "holds something else, not MicroPython"),
        (stock(project="tasmota"), "holds something else, not MicroPython"),
        (stock()[: APP - 0x1000] + image("esp32c3", bytes(300)), "and the application is not"),
    ],
)
def test_what_is_no_stock_micropython_is_refused(
    data: bytes, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, target = tmp_path / "stock.bin", tmp_path / "image.bin"
    path.write_bytes(data)
    assert main(["esp32_devkit", "--micropython", str(path), "--output", str(target)]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"error: {path}: ") and told in said
    assert said.count("\n") == 1
    assert not target.exists()


@pytest.mark.parametrize("version", ["v1.26.0", "v1.29.0-preview.12.gb4cb6a1", "v2.0.0"])
def test_a_newer_one_is_taken(version: str, tmp_path: Path) -> None:
    path = tmp_path / "stock.bin"
    path.write_bytes(stock(version=version))
    assert read(path).version == version


def test_the_wrong_chip_is_refused_with_what_is_wanted(
    micropython: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["esp32_c3_devkit", "--micropython", str(micropython)]) == 1
    assert "it wants ESP32_GENERIC_C3" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["esp32_devkit", "--micropython", "/nowhere/x.bin"]) == 1
    assert capsys.readouterr().err == (
        "error: /nowhere/x.bin: cannot be read: No such file or directory\n"
    )


def test_files_that_do_not_fit_are_told(tmp_path: Path) -> None:
    big = tmp_path / "big"
    big.write_bytes(bytes(40_000))
    with pytest.raises(FilesystemFull, match="32768 bytes of the partition vfs are full"):
        packed({"big": big}, 32768)
