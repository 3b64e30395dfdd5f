"""JSON texts: the bytes are fixed, and what json.loads of either Python lets pass is refused."""

import json

from lib.jsontext import JsonWriter, load_object


def test_pieces():
    out = JsonWriter(64)
    out.put("{")
    out.string("a")
    out.put(":")
    out.numbers([1, None, -3, 1 << 40])
    out.put("}")
    assert bytes(out.text()) == b'{"a":[1,null,-3,1099511627776]}'
    out.clear()
    out.numbers([])
    assert bytes(out.text()) == b"[]"


def test_strings_are_escaped_to_ascii():
    out = JsonWriter(200)
    text = 'say "hi" \\ \n\t\x00 \x7f gr\u00fc\u00df \u20ac'
    out.string(text)
    written = bytes(out.text())
    assert written == b'"say \\"hi\\" \\\\ \\u000a\\u0009\\u0000 \\u007f gr\\u00fc\\u00df \\u20ac"'
    assert json.loads(written) == text
    out.clear()
    out.string("\U0001f4a7")
    assert bytes(out.text()) == b'"\\ud83d\\udca7"'


def test_buffer_is_a_limit():
    out = JsonWriter(4)
    out.put("1234")
    for text in ("5", "56789"):
        try:
            out.put(text)
        except IndexError:
            assert bytes(out.text()) == b"1234"
        else:
            raise AssertionError(text)


def test_head_is_put_in_front():
    out = JsonWriter(12, 4)
    out.put("tail")
    assert bytes(out.text()) == b"tail"
    assert bytes(out.text("head")) == b"headtail"
    assert bytes(out.text("hd")) == b"hdtail"
    out.clear()
    assert bytes(out.text("hd")) == b"hd"
    try:
        out.text("heads")
    except IndexError:
        return
    raise AssertionError


def test_packet_is_the_last_text_with_its_head_in_front():
    # A batch of events takes back its closing brackets when it has been told: the packet has them.
    out = JsonWriter(12, 4, 3)
    assert out.room() == 12
    out.put("ab")
    mark = out.length
    out.put("]}")
    out.text("h")
    out.clear(mark)
    assert out.size() == 5
    assert bytes(out.packet(b"\x30\x05")) == b"\x30\x05hab]}"
    for refused in (lambda: out.text("heads"), lambda: out.packet(b"1234567")):
        try:
            refused()
        except IndexError:
            continue
        raise AssertionError


def test_object_is_loaded():
    assert load_object(b'{"a":[1,{"b":"}"}]}') == {"a": [1, {"b": "}"}]}
    assert load_object(' {"a\\"{": "\\\\"}\n') == {'a"{': "\\"}


def test_every_truncation_is_refused():
    text = b'{"a":{"b":[1,2]},"c":"\\\\","d":{}}'
    for length in range(len(text)):
        assert load_object(text[:length]) is None, text[:length]


def test_what_is_no_object_is_refused():
    for text in (b"", b"[]", b"1", b"null", b'"{}"', b"{}x", b"{}{}", b"\xff{}", b"[" * 5000):
        assert load_object(text) is None, text[:10]
