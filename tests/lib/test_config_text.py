"""A configuration with another value in it: what else it says stays, and no default is stored."""

import json

from lib import config_text, setting, settings
from lib.crc16 import crc16
from settings_table import FILE, rows

TABLE = settings.__file__.rpartition("/lib/")[0] + "/" + FILE


def table():
    with open(TABLE) as lines:
        yield from rows(lines)


def amended(text, key, value):
    return config_text.amended(text, key, value, table)


def test_the_rest_stays():
    text = b'{"wifi.ssid":"caf\\u00e9 \\"1\\"",\n "mqtt.port":8883}\n'
    problems, text, told = amended(text, "mqtt.tls", True)
    assert problems == []
    assert told == (crc16(b"mqtt.tls", 8), 0, 1)
    values, problems = settings.parse(text, table)
    assert problems == []
    assert (values["wifi.ssid"], values["mqtt.port"], values["mqtt.tls"]) == (
        'caf\u00e9 "1"',
        8883,
        True,
    )


def test_a_default_is_not_stored():
    _, text, told = amended(b'{"mqtt.port":8883}', "mqtt.port", 1883)
    assert text == b"{}\n"
    assert told[1:] == (8883, 1883)


def test_a_wrong_one_changes_nothing():
    for key, value in (("mqtt.port", 70000), ("mqtt.prot", 1), (None, None), ([], 1)):
        problems, text, told = amended(b'{"mqtt.port":8883}', key, value)
        assert len(problems) == 1
        assert (text, told) == (b"", ())


def test_the_others_are_asked():
    # 600 pulses a minute: see test_settings.py
    problems, _, _ = amended(b'{"gas.most_per_min":600}', "checkpoint_pulses", 61)
    assert problems[0].startswith("checkpoint_pulses: 61 is wrong")
    assert amended(b"{}", "checkpoint_pulses", 61)[0] == []
    problems, _, _ = amended(b'{"checkpoint_pulses":61}', "gas.most_per_min", 600)
    assert problems[0].startswith("checkpoint_pulses: 61 is wrong")
    assert "no such event" in amended(b"{}", "events.classes", "nothing=log")[0][0]
    assert amended(b"{}", "water.leak", "rate=1/1")[0][0].startswith("water.leak: ")


def test_what_cannot_be_a_setting_is_passed_over():
    _, text, _ = amended(b'{"mqtt.port":[1],"gas.most_per_min":"x"}', "checkpoint_pulses", 61)
    assert json.loads(text) == {"gas.most_per_min": "x", "checkpoint_pulses": 61}
    assert amended(b"not json", "mqtt.port", 8883)[1] == b'{"mqtt.port":8883}\n'


def test_it_cannot_grow_beyond_what_is_read():
    text = json.dumps({"x%d" % place: "a" * 120 for place in range(15)}).encode()
    problems, _, _ = amended(text, "mqtt.user", "\u00e9" * 20)
    assert problems == ["mqtt.user: the configuration would have more than 2048 bytes"]


def test_every_setting_can_be_changed_and_read_again():
    for key, kind, default, limits in table():
        value = default
        if kind == "integer":
            value = limits[1] if default != limits[1] else limits[0]
        elif kind == "choice":
            value = [choice for choice in limits if choice != default][0]
        assert setting.problem((key, kind, default, limits), value) is None
        problems, text, _ = amended(b"{}", key, value)
        assert problems == [] or "checkpoint_pulses" in problems[0], problems
        if not problems:
            assert settings.parse(text, table)[0][key] == value
