"""The configuration in flash: replaced whole or not at all; a default is never stored."""

from config import Config
from host_sim.models.nor import SECTOR_BYTES, Nor
from tests.sim.partition import Partition


def test_a_configuration_is_replaced_whole_or_not_at_all() -> None:
    flash = Partition(Nor(16 * SECTOR_BYTES, write_once_16=True))
    config = Config(flash)
    assert config.replace(b'{"mqtt.host": "broker", "mqtt.port": 1883}') == []
    assert config.replace(b'{"mqtt.host": "other", "mqtt.port": 70000}') != []
    again = Config(flash)
    assert (again["mqtt.host"], again["mqtt.port"], again.problems) == ("broker", 1883, [])


def test_defaults_are_never_stored() -> None:
    # So that a firmware with a better default brings it to collectors that never chose otherwise.
    nor = Nor(16 * SECTOR_BYTES, write_once_16=True)
    Config(Partition(nor)).replace(b'{"mqtt.host": "broker", "mqtt.port": 1883}')
    assert b"mqtt.host" in nor.data
    assert b"mqtt.port" not in nor.data
