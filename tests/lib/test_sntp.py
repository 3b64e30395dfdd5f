"""A question to a time server and its answers, as on the wire."""

from lib import sntp

NUMBER = 0x12345678
ASKED = sntp.question(NUMBER)
MARK = ASKED[40:]
HEAD = b"\x24\x02\x06\xec" + bytes(8) + b"GPS\x00" + bytes(8)
# 2024-02-29 12:00:00 UTC is 1 709 208 000; from 1900 on 2 208 988 800 more
SENT = b"\xe9\x8a\xf0\x40\x80\x00\x00\x00"
ANSWER = HEAD + MARK + bytes(8) + SENT


def test_a_question_tells_nothing_of_the_client():
    # RFC 4330 section 5: version 4, mode 3, and what is to be sent back; all else is zero.
    assert len(ASKED) == 48
    assert ASKED[:40] == b"\x23" + bytes(39)
    assert sntp.question(NUMBER + 1) != ASKED


def test_an_answer():
    assert sntp.unix_ms(ASKED, ANSWER) == 1709208000500


def test_to_a_millisecond():
    for millisecond in (0, 1, 499, 999):
        fraction = (millisecond << 16) // 1000 + 1  # of 65536
        part = bytes((fraction >> 8, fraction & 255)) + bytes(2)
        answer = ANSWER[:44] + part
        assert sntp.unix_ms(ASKED, answer) == 1709208000000 + millisecond


def test_an_answer_to_somebody_else_is_none_of_ours():
    # Somebody guesses, an answer to an earlier question, the question itself, a piece of one.
    assert sntp.unix_ms(sntp.question(NUMBER + 1), ANSWER) == ""
    assert sntp.unix_ms(ASKED, ANSWER[:24] + bytes(8) + ANSWER[32:]) == ""
    assert sntp.unix_ms(ASKED, ASKED) == ""
    for length in range(48):
        assert sntp.unix_ms(ASKED, ANSWER[:length]) == ""


def test_a_server_without_a_time_has_none():
    # Its clock was never set; it begs to be left alone; it has lost its own; it says nothing.
    for head in (b"\xe4\x02", b"\x24\x00", b"\x24\x10"):
        assert sntp.unix_ms(ASKED, head + ANSWER[2:]) is None
    assert sntp.unix_ms(ASKED, ANSWER[:40] + bytes(8)) is None


def test_in_2036_the_count_starts_again():
    # RFC 4330 section 3: the first second of the next era is 2036-02-07 06:28:16 UTC; a second
    # before, all bits are set.
    last = ANSWER[:40] + b"\xff\xff\xff\xff" + bytes(4)
    first = ANSWER[:40] + b"\x00\x00\x00\x01" + bytes(4)
    assert sntp.unix_ms(ASKED, last) == 2085978495000
    assert sntp.unix_ms(ASKED, first) == 2085978497000
