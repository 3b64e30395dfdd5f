"""The journal of a board that never had a network, brought home over the serial port."""

from pathlib import Path

import pytest

from host_sim.models.house import House
from host_sim.scenario import Fault, Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import START_S
from tests.tools.boot_loader import BootLoader
from tests.vm import ROOT
from tools.dump import main
from tools.image import partitions
from tools.journal.image import read_image

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


def test_a_board_that_was_never_flashed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with BootLoader() as chip:
        assert dump(chip, tmp_path / "home") == 1
    assert "this board has no journal: it was never flashed" in capsys.readouterr().err
    assert not (tmp_path / "home").exists()
