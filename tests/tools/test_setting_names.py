"""Events name settings by a number; it must lead back to one name, of each."""

from lib.crc16 import crc16
from tools.config import table
from tools.setting_names import with_setting


def test_every_number_has_one_name() -> None:
    names = [*(key for key, *_ in table()), "ca.crt", "collector.crt", "collector.key"]
    for name in names:
        detail = {"source": 2, "key": crc16(name.encode(), len(name))}
        assert with_setting("config_set", detail) == {"setting": name} | detail
