"""The journal of a board that never had a network, brought home over the serial port."""

from pathlib import Path

import pytest
from mp_image_tool_esp32.partition_table import PartitionEntry

from host_sim.models.house import House
from host_sim.models.nor import SECTOR_BYTES
from host_sim.scenario import Fault, Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import START_S
from tests.sim.journal_rig import fill, flash, opened
from tests.tools.boot_loader import BootLoader
from tests.vm import ROOT
from tools.dump import main
from tools.headend.dump import Dump
from tools.identity import identity_image
from tools.image import partitions
from tools.journal.image import read_image

MAC = bytes.fromhex("246f28a1b2c3")
TABLE = ROOT / "boards" / "esp32_devkit" / "partitions.csv"


def dump(chip: BootLoader, path: Path) -> int:
    return main(["--port", chip.port, "--reset", "no-reset", "--output", str(path)])


def test_every_record_comes_home(tmp_path: Path) -> None:
    away = Fault(0, "access_point", 1 << 50)
    simulation = Simulation(Scenario(House(1, START_S), 1, 3, faults=(away,)), "cpython")
    simulation.run()
    simulation.flash.chip("journal").save(tmp_path / "there")
    with BootLoader() as chip:
        table = partitions.table(TABLE, 4 << 20)
        chip.flash[0x8000:0x9000] = table.to_bytes()
        where = table.by_name("journal")
        chip.flash[where.offset : where.offset + where.size] = (tmp_path / "there").read_bytes()
        before = bytes(chip.flash)
        assert dump(chip, tmp_path / "home") == 0
        assert chip.flash == before
    assert (tmp_path / "home").read_bytes() == (tmp_path / "there").read_bytes()
    names = [entry.name for entry in read_image(tmp_path / "home").records]
    assert names.count("frame") >= 3


@pytest.mark.long_where(config=b"{}")
@pytest.mark.long_where(config=None)
@pytest.mark.parametrize(
    ("config", "name"),
    [
        (b"", "pk-246f28a1b2c3"),
        (b"{}", "pk-246f28a1b2c3"),
        (b'{"collector.id": "cellar-7"}', "cellar-7"),
        (b'{"collector.id": "../7"}', None),
        (None, None),
    ],
)
def test_the_file_is_called_after_the_collector(
    config: bytes | None, name: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing in a journal says whose it is: the board does, by its chip or its configuration.
    monkeypatch.setattr("tools.dump.ROOT", tmp_path)
    with BootLoader(mac=MAC) as chip:
        table = partitions.table(TABLE, 4 << 20)
        chip.flash[0x8000:0x9000] = table.to_bytes()
        write(chip, table.by_name("journal"), journal())
        if config is None:
            write(chip, table.by_name("identity"), bytes(65536))
        elif config:
            write(chip, table.by_name("identity"), identity_image(config))
        assert main(["--port", chip.port, "--reset", "no-reset"]) == 0
    (written,) = (tmp_path / "build").iterdir()
    assert (written.stem == name) == (name is not None)
    assert Dump(written).collector == (name if name and name.startswith("pk-") else None)


def write(chip: BootLoader, where: PartitionEntry, data: bytes) -> None:
    chip.flash[where.offset : where.offset + len(data)] = data


def journal() -> bytes:
    nor = flash(0xF0000 // SECTOR_BYTES)
    fill(opened(nor), 3, {})
    return bytes(nor.data)


def test_a_board_that_was_never_flashed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with BootLoader() as chip:
        assert dump(chip, tmp_path / "home") == 1
    assert "this board has no journal: it was never flashed" in capsys.readouterr().err
    assert not (tmp_path / "home").exists()
