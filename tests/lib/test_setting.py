"""One setting: a wrong value is refused with what is allowed; a change is told but no text."""

from lib import setting

ROWS = (
    ("interval_s", "choice", 3600, (900, 3600)),
    ("meter.poll_s", "integer", 60, (5, 3600)),
    ("meter.address", "integer", 1, (1, 247)),
    ("mqtt.password", "secret", "", (0, 64)),
    ("mqtt.tls", "choice", False, (False, True)),
    ("site.since", "date", "", (0, 10)),
)


def table():
    return iter(ROWS)


def judged(key, value, **stored):
    stored = {name.replace("__", "."): each for name, each in stored.items()}
    return setting.judged(key, value, stored, table)


def test_what_is_told_of_a_change():
    assert judged("meter.poll_s", 30) == (None, 60, (60, 30))
    assert judged("meter.poll_s", 30, meter__poll_s=900) == (None, 60, (900, 30))
    assert judged("interval_s", 900) == (None, 3600, (3600, 900))
    assert judged("mqtt.tls", True) == (None, False, (0, 1))
    assert judged("mqtt.password", "a secret", mqtt__password="old") == (None, "", ())


def test_what_was_stored_wrong_was_the_default():
    assert judged("meter.poll_s", 30, meter__poll_s="soon")[2] == (60, 30)
    assert judged("interval_s", 900, interval_s=901)[2] == (3600, 900)


def test_what_is_wrong():
    for key, value, told in (
        ("meter.poll_s", 4, "meter.poll_s: 4 is wrong; must be an integer from 5 to 3600"),
        ("meter.poll_s", True, "meter.poll_s: true is wrong; must be an integer from 5 to 3600"),
        ("mqtt.tls", 1, "mqtt.tls: 1 is wrong; must be false or true"),
        (
            "mqtt.password",
            5,
            "mqtt.password: this value is wrong; must be a text of 0 to 64 bytes",
        ),
        (
            "site.since",
            "2026-02-29",
            'site.since: "2026-02-29" is wrong; must be a date such as 2026-03-31, or empty',
        ),
        ("meter.pol", 5, "meter.pol: unknown key; this group has meter.poll_s, meter.address"),
        ("colour", 5, "colour: unknown key"),
        (None, None, "None: unknown key"),
    ):
        assert judged(key, value)[0] == told
