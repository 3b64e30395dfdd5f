"""An almanac's text: taken whole, or refused with the key that is wrong."""

import json

from lib import almanac_text

GOOD = {
    "v": 1,
    "version": 3,
    "start": 1772409600,
    "days": [2, 0, 255, 1, 100, 0],
    "rows": [[36, 0, 60, 1, 96, 2], [96, 24]],
    "months": [-5, 0, 2976],
}


def refusal(text):
    try:
        almanac_text.load(text)
    except ValueError as error:
        return error.args[0]
    return None


def with_key(key, value):
    return json.dumps(dict(GOOD, **{key: value})).encode()


def test_what_is_right_is_taken():
    almanac = almanac_text.load(json.dumps(GOOD).encode())
    assert (almanac.version, almanac.start_s) == (3, 1772409600)
    assert almanac.until_s == 1772409600 + 357 * 86400
    assert almanac.value(1772409600 + 36 * 900, 900) == 1
    assert almanac.value(1772409600 + 2 * 86400, 3600) == 24
    assert almanac.month_s(1772409600) == 1772409600


def test_each_key_is_checked_and_named():
    wrong = {
        "v": (2, None, True, "1"),
        "version": (0, -1, 1 << 30, None, "3", [3]),
        "start": (1772409601, 1772413200, -86400, 0, 4102444800, "2026-03-02"),
        "days": ([], [1], [0, 0], [1, 2], [256, 0], [1, -1], [255, 0] * 4, [1, None], "0", {}),
        "rows": (
            [],
            [[]],
            [[96]],
            [[95, 0]],
            [[97, 0]],
            [[36, 0, 36, 1, 96, 2]],
            [[36, 0, 12, 1, 96, 2]],
            [[96, 9]],
            [[96, 32]],
            [[96, 25]],
            [[96, -1]],
            [[96, "0"]],
            [96, 0],
            [[96, 0]] * 65,
        ),
        "months": (None, [0, 0], [1, 0], ["0"], [10**9], [-(10**9)], list(range(33))),
    }
    for key, values in wrong.items():
        for value in values:
            reason = refusal(with_key(key, value))
            assert reason == almanac_text.KEYS.index(key) + 1, (key, value, reason)


def test_what_is_no_such_object_is_refused():
    text = json.dumps(GOOD).encode()
    for part in range(len(text)):
        assert refusal(text[:part]) is not None, part
    assert refusal(b"[]") == 1
    assert refusal(b"") == 1
    assert refusal(text + b" " * almanac_text.BYTES_MAX) == 1
    for key in GOOD:
        less = {name: value for name, value in GOOD.items() if name != key}
        assert refusal(json.dumps(less).encode()) == 1, key
    assert refusal(with_key("holiday", [])) == 1
