"""Commands: what is asked of another boot, twice, or in no right way, is refused with a reason."""

import json

from lib import command

PING = {"v": 1, "boot": 7, "id": 12, "do": "ping"}


def parsed(change, last=11):
    asked = dict(PING)
    asked.update(change)
    return command.parse(json.dumps(asked).encode(), 7, last)


def refusal(change, last=11):
    try:
        parsed(change, last)
    except command.Refused as refused:
        return refused.number, refused.why
    raise AssertionError(change)


def test_a_command_and_its_arguments():
    assert parsed({}) == (12, "ping", {})
    assert parsed({"do": "resend", "after": 3}) == (12, "resend", {"after": 3})


def test_each_command_is_carried_out_once_and_in_one_boot():
    # Played again by somebody who recorded it, sent twice by a broker, or kept by one over a
    # restart of the collector.
    assert refusal({}, last=12) == (12, "id: must be above 12")
    assert refusal({"id": 11}, last=12) == (11, "id: must be above 12")
    assert refusal({"boot": 6}) == (12, "boot: this is boot 7")
    assert refusal({"boot": None}) == (12, "boot: this is boot 7")


def test_what_has_no_number_gets_no_reply():
    for text in (b"", b"[]", b"{", b'{"v":1}', b"\xff" * 30, b'{"v":1,"id":' + b"1" * 300 + b"}"):
        assert command.parse(text, 7, 0) is None
    for number in (None, "12", 0, -1, 1 << 32, 1.5, True, [12]):
        assert parsed({"id": number}) is None
    assert parsed({"v": 2}) is None
    assert parsed({"more": "x" * 256}) is None


def test_a_word_is_a_text():
    assert refusal({"do": 5})[1] == "do: no word says what to do"
