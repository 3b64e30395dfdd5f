"""A typed line in words, and the numbers among them."""

from lib.words import number, split


def test_words_between_spaces():
    for line, words in (
        ("", []),
        ("  ", []),
        ("status", ["status"]),
        ("  set   meter.poll_s  60 ", ["set", "meter.poll_s", "60"]),
    ):
        assert split(line) == words, line


def test_what_stands_in_quotation_marks_is_one():
    for line, words in (
        ('set wifi.ssid "Our network"', ["set", "wifi.ssid", "Our network"]),
        ('set mqtt.user ""', ["set", "mqtt.user", ""]),
        ('a"b c"d', ["ab cd"]),
        (r'"say \"x\" and \\"', ['say "x" and \\']),
        ('a\\"b"', ["a\\b"]),
    ):
        assert split(line) == words, line


def test_a_quotation_mark_that_is_not_closed_is_refused():
    for line in ('"', 'set wifi.ssid "Our network', r'"x\"'):
        refusal = ""
        try:
            split(line)
        except ValueError as error:
            refusal = str(error)
        assert "not closed" in refusal, line


def test_numbers():
    for text, value in (
        ("0", 0),
        ("-60", -60),
        ("1772409600", 1772409600),
        ("9" * 19, 10**19 - 1),
    ):
        assert number(text) == value
    for text in ("", "-", "1.5", "0x10", "--1", "one", "9" * 20):
        assert number(text) is None, text
