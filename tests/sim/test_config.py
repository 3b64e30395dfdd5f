"""The configuration in flash: replaced whole or not at all; a default is never stored."""

import pytest

from config import Config
from host_sim.models.nor import SECTOR_BYTES, Nor
from tests.sim.partition import Partition
from tests.vm import FIRMWARE


@pytest.fixture(autouse=True)
def _on_the_board(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the table of settings is, as on a board."""
    monkeypatch.chdir(FIRMWARE)


def test_a_configuration_is_replaced_whole_or_not_at_all() -> None:
    flash = Partition(Nor(16 * SECTOR_BYTES, write_once_16=True))
    config = Config(flash)
    assert config.replace(b'{"mqtt.host": "broker", "mqtt.port": 1883}') == []
    assert config.replace(b'{"mqtt.host": "other", "mqtt.port": 70000}') != []
    again = Config(flash)
    assert (again.values["mqtt.host"], again.values["mqtt.port"], again.problems) == (
        "broker",
        1883,
        [],
    )


def test_a_partition_that_cannot_take_it_is_a_problem_and_the_old_values_stand() -> None:
    nor = Nor(16 * SECTOR_BYTES, write_once_16=True)
    config = Config(Partition(nor))
    assert config.replace(b'{"mqtt.host": "broker"}') == []
    nor.broken = dict.fromkeys(range(16), "program")
    assert config.replace(b'{"mqtt.host": "other"}')[0].startswith("identity partition: ")
    assert config.values["mqtt.host"] == "broker"
    small = Config(Partition(Nor(2 * SECTOR_BYTES)))
    assert small.problems == [
        "identity partition: partition: 2 sectors of 4096 bytes, needs at least 4"
    ]
    assert small.values["mqtt.port"] == 1883


def test_defaults_are_never_stored() -> None:
    # So that a firmware with a better default brings it to collectors that never chose otherwise.
    nor = Nor(16 * SECTOR_BYTES, write_once_16=True)
    Config(Partition(nor)).replace(b'{"mqtt.host": "broker", "mqtt.port": 1883}')
    assert b"mqtt.host" in nor.data
    assert b"mqtt.port" not in nor.data
