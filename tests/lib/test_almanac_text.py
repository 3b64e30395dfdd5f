"""An almanac's text: taken whole, or refused with the key that is wrong."""

import json

from lib import almanac_text

GOOD = (
    b'{"v":1,"version":3,"start":1772409600,"days":[2,0,255,1,100,0],'
    b'"rows":[[36,0,60,1,96,2],[96,24]],"months":[-5,0,2976]}'
)


def refusal(text):
    try:
        almanac_text.load(text)
    except ValueError as error:
        return error.args[0]
    return None


def changed(old, new):
    assert old in GOOD, old
    return GOOD.replace(old, new)


def test_what_is_right_is_taken():
    almanac = almanac_text.load(memoryview(GOOD))
    assert (almanac.version, almanac.start_s) == (3, 1772409600)
    assert almanac.until_s == 1772409600 + 357 * 86400
    assert almanac.value(1772409600 + 36 * 900, 900) == 1
    assert almanac.value(1772409600 + 2 * 86400, 3600) == 24
    assert almanac.month_s(1772409600) == 1772409600
    assert json.loads(GOOD)["months"] == [-5, 0, 2976]


def test_each_key_is_checked_and_named():
    days, rows, months = b"[2,0,255,1,100,0]", b"[[36,0,60,1,96,2],[96,24]]", b"[-5,0,2976]"
    wrong = {
        b'"v":1': ("2", "0", "null", "true", '"1"', "-1"),
        b'"version":3': ("0", "-1", "1073741824", "null", '"3"', "[3]", ""),
        b'"start":1772409600': ("1772409601", "1772413200", "-86400", "0", "4102531200"),
        b'"days":' + days: ("[]", "[1]", "[0,0]", "[256,0]", "[1,-1]", "0", "{}", "[1,0")
        + ("[" + ",".join(["255,0"] * 4) + "]", "[1,null]", "[1,0,]"),
        b'"rows":' + rows: ("[]", "[[]]", "[[96]]", "[[95,0]]", "[[97,0]]", "[[36,0,36,1,96,2]]")
        + ("[[36,0,12,1,96,2]]", "[[96,9]]", "[[96,32]]", "[[96,25]]", "[[96,-1]]", '[[96,"0"]]')
        + ("[96,0]", "[" + ",".join(["[96,0]"] * 65) + "]", "[[0,0,96,0]]", "[[96,0]]"),
        b'"months":' + months: ("null", "[0,0]", "[1,0]", '["0"]', "[1000000000]", "[-99999]")
        + (str(list(range(33))).replace(" ", ""), "[]"),
    }
    for reason, key in enumerate(almanac_text.KEYS, 1):
        (old,) = [each for each in wrong if each.startswith(b'"%s":' % key.encode())]
        for value in wrong[old]:
            text = changed(old, b'"%s":%s' % (key.encode(), value.encode()))
            assert refusal(text) == reason, (key, value, refusal(text))


def test_a_day_without_its_row_is_told_of_the_rows():
    assert refusal(changed(b"255,1,100", b"255,2,100")) == 5


def test_what_is_no_such_object_is_refused():
    for part in range(len(GOOD)):
        assert refusal(GOOD[:part]) is not None, part
    for text in (b"", b"[]", b"{}", b"null", GOOD + b" ", b" " + GOOD, GOOD + b"}", GOOD * 12):
        assert refusal(text) == 1, text
    assert refusal(changed(b',"months"', b',"holidays"')) == 1
    assert refusal(changed(b'"v":1,', b"")) == 1
    assert refusal(changed(b"[2,0,255", b"[2, 0,255")) == 4
    assert refusal(b"\xff" * 100) == 1


def test_any_flipped_bit_is_taken_as_another_almanac_or_refused():
    # Not a checksum: that is TCP's, and the journal's. But nothing else may come of it.
    for place in range(len(GOOD)):
        for bit in range(8):
            text = bytearray(GOOD)
            text[place] ^= 1 << bit
            reason = refusal(text)
            assert reason is None or 1 <= reason <= len(almanac_text.KEYS), (place, bit)
