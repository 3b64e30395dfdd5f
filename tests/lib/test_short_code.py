"""The code that a technician reads out: of this record, and of no other."""

from lib import short_code

RECORD = ("pk-246f28a1b2c3", 1204, 7, 0x1FFFF, 0)


def test_eight_digits():
    code = short_code.of(*RECORD)
    assert len(code) == 9 and code[4] == "-"
    assert (code[:4] + code[5:]).isdigit()
    assert short_code.of(*RECORD) == code


def test_another_record_has_another():
    codes = {short_code.of(*RECORD)}
    for place in range(1, 5):
        other = list(RECORD)
        other[place] += 1
        codes.add(short_code.of(*other))
    codes.add(short_code.of("pk-246f28a1b2c4", *RECORD[1:]))
    assert len(codes) == 6
