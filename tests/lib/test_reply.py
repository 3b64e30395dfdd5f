"""Replies to commands: one by one, as the head-end reads them."""

import json

from lib import reply
from lib.jsontext import JsonWriter


def told(word, what):
    out = JsonWriter(200)
    reply.write(out, 7, 12, word, what)
    return json.loads(bytes(out.text()))


def test_what_was_done_is_told_with_its_detail():
    assert told("ping", (("mains", None), ("uptime_s", 60))) == {
        "v": 1,
        "boot": 7,
        "id": 12,
        "done": "ping",
        "detail": {"mains": None, "uptime_s": 60},
    }
    assert told("status", ())["detail"] == {}


def test_a_refusal_says_why():
    assert told(None, 'no "x"') == {"v": 1, "boot": 7, "id": 12, "refused": 'no "x"'}
