"""Configuration: every wrong text gives one clear line, and the board runs on with defaults."""

import json

from lib import setting, settings
from settings_table import FILE, rows

TABLE = settings.__file__.rpartition("/lib/")[0] + "/" + FILE

KINDS = ("name", "file", "text", "rules", "classes", "date", "secret", "integer", "choice")


def table():
    with open(TABLE) as lines:
        yield from rows(lines)


def parse(text):
    return settings.parse(text, table)


def dump(values):
    return settings.dump(values, table)


def defaults():
    return {row[0]: row[2] for row in table()}


def only(text):
    """The one problem of `text`, all values being defaults."""
    values, problems = parse(text)
    assert values == defaults()
    assert len(problems) == 1, problems
    return problems[0]


def test_table_is_sound():
    seen = set()
    for key, kind, default, limits in table():
        assert key not in seen
        seen.add(key)
        assert kind in KINDS
        assert setting.problem((key, kind, default, limits), default) is None, key


def test_empty_is_good():
    assert parse(b"{}") == (defaults(), [])


def test_good_values_are_taken():
    text = (
        b'{"collector.id":"house-17","wifi.ssid":"caf\xc3\xa9","interval_s":900,'
        b'"mqtt.acknowledge":"broker","water.opening":123456789012,"meter.address":247,'
        b'"meter.profile":"sdm72d_m_v2"}'
    )
    values, problems = parse(text)
    assert problems == []
    expected = defaults()
    expected.update(
        {
            "collector.id": "house-17",
            "wifi.ssid": "caf\u00e9",
            "interval_s": 900,
            "mqtt.acknowledge": "broker",
            "water.opening": 123456789012,
            "meter.address": 247,
            "meter.profile": "sdm72d_m_v2",
        }
    )
    assert values == expected


def test_one_line_for_each_mistake():
    for key, value, line in (
        ("mqtt.port", 0, "mqtt.port: 0 is wrong; must be an integer from 1 to 65535"),
        ("mqtt.port", "1883", 'mqtt.port: "1883" is wrong; must be an integer from 1 to 65535'),
        ("mqtt.port", True, "mqtt.port: true is wrong; must be an integer from 1 to 65535"),
        ("mqtt.port", None, "mqtt.port: null is wrong; must be an integer from 1 to 65535"),
        ("interval_s", 3601, "interval_s: 3601 is wrong; must be 900 or 3600"),
        ("interval_s", "900", 'interval_s: "900" is wrong; must be 900 or 3600'),
        (
            "mqtt.acknowledge",
            "me",
            'mqtt.acknowledge: "me" is wrong; must be "head-end" or "broker"',
        ),
        (
            "collector.id",
            "House 1",
            'collector.id: "House 1" is wrong; '
            "must be a text of 0 to 32 bytes, only a-z, 0-9 and -",
        ),
        (
            "meter.profile",
            "../identity",
            'meter.profile: "../identity" is wrong; '
            "must be a text of 1 to 32 bytes, only a-z, 0-9, - and _",
        ),
        ("ntp.host", "", 'ntp.host: "" is wrong; must be a text of 1 to 128 bytes'),
        ("mqtt.host", 5, "mqtt.host: 5 is wrong; must be a text of 0 to 64 bytes"),
    ):
        assert only(json.dumps({key: value}).encode()) == line


def test_a_date_is_one_of_the_calendar():
    for good in ("", "2026-03-31", "2024-02-29", "2000-02-29", "2026-12-31", "2026-06-30"):
        values, problems = parse(json.dumps({"site.since": good}).encode())
        assert (values["site.since"], problems) == (good, [])
    months = ("2026-%s" % day for day in ("00-01", "13-01", "01-00", "01-32", "04-31", "11-31"))
    years = ("2026-02-29", "1900-02-29", "26-03-31", "2026-3-31", "2026-03-31T")
    others = (
        20260331,
        "31.03.2026",
        "2026-03-31T",
        "2026-03",
        "+026-03-31",
        "2026-03-\u0663\u0661",
    )
    for wrong in tuple(months) + years + others:
        line = only(json.dumps({"site.since": wrong}).encode())
        assert line.startswith("site.since: ")
        assert line.endswith(" is wrong; must be a date such as 2026-03-31, or empty")


def test_secrets_are_never_told():
    line = only(b'{"wifi.password":"%s"}' % (b"geheim" * 20))
    assert line == "wifi.password: this value is wrong; must be a text of 0 to 63 bytes"
    assert "geheim" not in only(b'{"mqtt.password":["geheim"]}')


def test_length_is_counted_in_bytes():
    fits = "\u00e9" * 16
    text = json.dumps({"wifi.ssid": fits}).encode()
    assert parse(text)[0]["wifi.ssid"] == fits
    only(json.dumps({"wifi.ssid": fits + "x"}).encode())


def test_long_values_are_cut_in_the_line():
    line = only(b'{"ntp.host":"%s"}' % (b"n" * 500))
    assert len(line) < 100
    assert "..." in line


def test_unknown_keys_get_a_hint():
    assert only(b'{"water.puls_num":1}') == (
        "water.puls_num: unknown key; "
        "this group has water.pulse_num, water.pulse_den, water.most_per_min, "
        "water.min_closed_ms, water.min_open_ms, water.reverse, water.opening, water.leak"
    )
    assert only(b'{"colour":"red"}') == "colour: unknown key"


def test_wrong_value_falls_back_and_the_rest_stands():
    values, problems = parse(b'{"mqtt.port":-1,"zzz":0,"meter.poll_s":10}')
    assert values["mqtt.port"] == 1883
    assert values["meter.poll_s"] == 10
    assert [line.split(":")[0] for line in problems] == ["mqtt.port", "zzz"]


def test_oversized_is_not_even_parsed():
    text = b'{"meter.poll_s":10}'
    line = only(text + b" " * (settings.MAX_BYTES + 1 - len(text)))
    assert line == "configuration has 2049 bytes; at most 2048"
    assert parse(text + b" " * (settings.MAX_BYTES - len(text)))[1] == []


def test_every_truncation_is_noticed():
    text = b'{"mqtt.host":"broker","mqtt.port":8883}'
    for length in range(len(text)):
        line = only(text[:length])
        assert line.endswith("is it truncated?"), text[:length]


def test_what_is_no_object():
    for text in (b"[]", b"null", b"\xff\xfe", b"[" * 2000, b'"a"'):
        only(text)


def test_defaults_are_never_stored():
    values = defaults()
    assert dump(values) == b"{}\n"
    values["mqtt.port"] = 8883
    values["wifi.ssid"] = 'caf\u00e9 "1"'
    text = dump(values)
    assert text == b'{"wifi.ssid":"caf\\u00e9 \\"1\\"",\n "mqtt.port":8883}\n'
    assert parse(text) == (values, [])


def other(kind, default, limits):
    """A good value that is not the default."""
    if kind == "choice":
        return [choice for choice in limits if choice != default][0]
    if kind == "integer":
        return limits[1] if default != limits[1] else limits[0]
    if kind in ("rules", "classes"):
        return "day" if kind == "rules" else "backflow=ride"
    return "2026-03-31" if kind == "date" else "a" * max(1, limits[0])


def test_every_key_comes_back_from_the_text_that_is_stored():
    # A value that json cannot read again would take the whole configuration with it at the next
    # start.
    for key, kind, default, limits in table():
        values, problems = parse(json.dumps({key: other(kind, default, limits)}).encode())
        assert problems == [] or "checkpoint_pulses" in problems[0]
        text = dump(values)
        assert parse(text)[0] == values, text


def test_a_bound_that_cannot_be_kept_is_told_and_raised():
    # 600 pulses a minute: within the six seconds of two looks 60 may come, and one at either end.
    values, problems = parse(b'{"gas.most_per_min":600,"checkpoint_pulses":61}')
    assert values["checkpoint_pulses"] == 62
    assert problems == [
        "checkpoint_pulses: 61 is wrong; at 600 pulses a minute it must be 62 or more"
    ]
    assert parse(b'{"gas.most_per_min":600,"checkpoint_pulses":62}')[1] == []
