"""What stands here: a profile on the board wins, a wrong one is told with its line; a setting that
waited for this start holds from it.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from host_sim.models.nor import SECTOR_BYTES, Nor
from installation import installed
from journal.document import Document
from journal.identity import opened
from lib import parked
from tests.sim.partition import Partition
from tests.vm import FIRMWARE

OWN = """model My own meter
source the dial
serial 2400 8E1 9
rating 10350
words low first
block 10 0
read electricity_delivered 3 7 uint32 1 Wh
"""


class Board:
    def __init__(self, memory: bytes = b"") -> None:
        self.memory = memory
        self.nor = Nor(16 * SECTOR_BYTES, write_once_16=True)
        self.flash = Partition(self.nor)

    def missing(self, config: dict) -> list[str]:
        return ["gas.reverse"] if config["gas.reverse"] != "none" else []

    def identity_partition(self) -> Partition:
        return self.flash

    def rtc_memory(self) -> Callable[..., bytes | None]:
        return self._memory

    def _memory(self, data: bytes | None = None) -> bytes | None:
        if data is None:
            return self.memory
        self.memory = data
        return None


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the board's own profiles, beside the built-in ones."""
    for name in ("profiles", "settings.txt"):
        (tmp_path / name).symlink_to(FIRMWARE / name)
    (tmp_path / "site").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path / "site"


def test_the_built_in_profile(site: Path) -> None:
    here = installed(Board())
    assert here.model and here.model.model == "Eastron SDM630-Modbus v2"
    assert here.problems == []


def test_a_profile_on_the_board_wins(site: Path) -> None:
    (site / "sdm630.txt").write_text(OWN)
    here = installed(Board())
    assert here.model and (here.model.model, here.model.address) == ("My own meter", 9)
    assert here.problems == []


def test_a_wrong_one_is_told_with_its_line_and_the_built_in_one_serves(site: Path) -> None:
    (site / "sdm630.txt").write_text(OWN.replace("uint32", "unit32"))
    here = installed(Board())
    assert here.model and here.model.model == "Eastron SDM630-Modbus v2"
    assert len(here.problems) == 1
    assert here.problems[0].startswith("site/sdm630.txt line 7: unknown type 'unit32'; use ")


HEAD_END = 1  # EVENTS.md


def test_without_any_the_collector_has_no_meter(site: Path) -> None:
    (site.parent / "profiles").unlink()
    here = installed(Board())
    assert here.model is None
    assert here.problems == ["meter.profile: no good profile 'sdm630'"]


def test_an_input_that_the_board_has_not_is_a_problem_and_not_used(site: Path) -> None:
    board = Board()
    both = {"gas.reverse": "pulses", "water.reverse": "pulses"}
    Document(opened(board.flash)).save(json.dumps(both).encode())
    here = installed(board)
    assert (here.config["gas.reverse"], here.config["water.reverse"]) == ("none", "pulses")
    assert here.problems == ["gas.reverse: this board has no input for it"]


def test_a_setting_that_waited_is_stored_once(site: Path) -> None:
    board = Board(parked.behind(bytes(35), {"interval_s": 900}, HEAD_END))
    here = installed(board)
    assert (here.config["interval_s"], here.problems) == (900, [])
    assert here.changed[0][0] == HEAD_END
    assert here.changed[0][2:] == (3600, 900)
    assert len(board.memory) == 35
    again = installed(board)
    assert (again.config["interval_s"], again.changed) == (900, [])


def test_a_setting_that_the_flash_does_not_take_is_a_problem_and_not_told(site: Path) -> None:
    board = Board(parked.behind(bytes(35), {"interval_s": 900}, HEAD_END))
    board.nor.broken = dict.fromkeys(range(16), "program")
    here = installed(board)
    assert (here.config["interval_s"], here.changed) == (3600, [])
    assert here.problems and here.problems[0].startswith("identity partition: ")


def test_a_setting_that_waited_and_cannot_be_is_a_problem(site: Path) -> None:
    here = installed(Board(parked.behind(bytes(35), {"water.leak": "rate=1/1"}, HEAD_END)))
    assert here.changed == []
    assert [problem.split(":")[0] for problem in here.problems] == ["water.leak"]
