"""Questions to a name server and its answers, as on the wire."""

from lib import dns

ASKED = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x02mq\x04city\x00\x00\x01\x00\x01"
HEAD = b"\x12\x34\x81\x80\x00\x01\x00\x02\x00\x00\x00\x00"
ALIAS = b"\xc0\x0c\x00\x05\x00\x01\xff\xff\xff\xff\x00\x06\x03www\xc0\x0c"
ADDRESS = b"\x03www\xc0\x0c\x00\x01\x00\x01\x00\x00\x0e\x10\x00\x04\xc6\x33\x64\x07"
ANSWER = HEAD + ASKED[12:] + ALIAS + ADDRESS


def test_a_question():
    assert dns.question("mq.city", 0x1234) == ASKED


def test_the_address_behind_an_alias():
    assert dns.address(ASKED, ANSWER) == "198.51.100.7"


def test_an_answer_to_somebody_else_is_none_of_ours():
    # Another number, or another name: somebody guesses, or the answer to an earlier question.
    assert dns.address(ASKED, b"\x12\x35" + ANSWER[2:]) == ""
    assert dns.address(ASKED, ANSWER.replace(b"\x02mq", b"\x02mx")) == ""
    assert dns.address(ASKED, b"") == ""


def test_no_address():
    # No such name; only an alias; an address of the other kind.
    assert dns.address(ASKED, b"\x12\x34\x81\x83\x00\x01" + bytes(6) + ASKED[12:]) is None
    assert dns.address(ASKED, HEAD[:7] + b"\x01" + HEAD[8:] + ASKED[12:] + ALIAS) is None
    longer = ADDRESS.replace(b"\x00\x01\x00\x01", b"\x00\x1c\x00\x01")
    assert dns.address(ASKED, HEAD + ASKED[12:] + ALIAS + longer) is None


def test_cut_anywhere_it_is_no_address():
    for length in range(len(ASKED), len(ANSWER)):
        assert dns.address(ASKED, ANSWER[:length]) is None


def test_any_byte_wrong_raises_nothing():
    for place in range(len(ANSWER)):
        for wrong in (0, 1, 0x3F, 0xC0, 0xFF):
            spoiled = bytearray(ANSWER)
            spoiled[place] = wrong
            found = dns.address(ASKED, bytes(spoiled))
            assert found is None or found == "" or len(found.split(".")) == 4
