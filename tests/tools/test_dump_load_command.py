"""The command that loads a dump, with the flash of a collector that lived without a network."""

from pathlib import Path

import pytest

from host_sim.audit import audit
from host_sim.models.house import House
from host_sim.scenario import HOUR_US, Fault, Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import COLLECTOR, START_S
from tests.tools.deliveries import NOW_S
from tools.headend.__main__ import main
from tools.headend.dump import Dump
from tools.headend.ledger import Ledger
from tools.headend.loading import load


@pytest.fixture(scope="module")
def away(tmp_path_factory: pytest.TempPathFactory) -> tuple[Simulation, Path]:
    """A collector that sees a network after a day and two hours, and a dump of before."""
    scenario = Scenario(
        House(1, START_S),
        1,
        36,
        settings={"meter.poll_s": 900},
        faults=(Fault(0, "access_point", 26 * HOUR_US),),
    )
    simulation = Simulation(scenario, "cpython")
    home = tmp_path_factory.mktemp("home") / f"{COLLECTOR}.journal"
    journal = simulation.flash.chip("journal")
    simulation.world.at(25 * HOUR_US + HOUR_US // 3, lambda: journal.save(home))
    simulation.run()
    return simulation, home


def test_a_day_without_a_network_and_what_came_later(
    away: tuple[Simulation, Path], database: Path | str
) -> None:
    # From the flash of a collector that lived: what the dump tells and what it uploads later are
    # one chain of registers, and what the meters of the world showed.
    simulation, home = away
    ledger = Ledger(database)
    loaded = load(ledger, Dump(home), COLLECTOR, NOW_S)
    assert (loaded.intervals, loaded.holes) == (4 * 25, [])
    assert ledger.books(COLLECTOR).residual == 0
    published = [entry.kind.split() for entry in simulation.trace.entries]
    ledger.receive_all(
        [
            (kind[2], entry.data)
            for kind, entry in zip(published, simulation.trace.entries, strict=True)
            if kind[:2] == ["publish", COLLECTOR]
        ],
        NOW_S,
    )
    assert ledger.books(COLLECTOR).closed
    assert audit(simulation, ledger, COLLECTOR).closes
    assert load(ledger, Dump(home), COLLECTOR, NOW_S).intervals == 0


def test_the_command(
    away: tuple[Simulation, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Whose it is, the name of the file may say as `make dump` gives it, or an option; else nobody.
    home, db = away[1], str(tmp_path / "ledger.db")
    unnamed = tmp_path / "cellar.journal"
    unnamed.write_bytes(home.read_bytes())
    assert main(["load", str(unnamed), "--db", db]) == 1
    assert "--collector" in capsys.readouterr().err
    assert not (tmp_path / "ledger.db").exists()
    assert main(["load", str(unnamed), "--db", db, "--collector", COLLECTOR]) == 0
    assert f": {4 * 25} intervals" in capsys.readouterr().out
    assert main(["load", str(home), "--db", db]) == 0
    assert ": 0 intervals" in capsys.readouterr().out
    assert Ledger(tmp_path / "ledger.db").collectors() == [COLLECTOR]


@pytest.mark.parametrize("content", [None, b"", b"x", b"\xff" * 8192, bytes(8192)])
def test_what_is_no_dump(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"{COLLECTOR}.journal"
    if content is not None:
        path.write_bytes(content)
    assert main(["load", str(path), "--db", str(tmp_path / "ledger.db")]) == 1
    said = capsys.readouterr().err
    assert str(path) in said and said.count("\n") == 1
    assert not (tmp_path / "ledger.db").exists()
