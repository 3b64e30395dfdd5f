"""Texts for Home Assistant where the heap has no room for the code that writes them."""

import sys

import homeassistant
from lib import payload

BOTH_VMS = True
ABOUT = ("pk-1", "0.1.0", "bench")
NAMES = ["water", "gas"]


class Uplink:
    connections = 1


def told(speaker, out):
    """What is said until there is nothing more to say."""
    topics = []
    said = speaker.say(out)
    while said:
        topics.append(said[0].split("/")[3])
        out.clear()
        said = speaker.say(out)
    return topics


def test_each_is_told_once_in_a_connection_and_the_code_is_let_go_of():
    uplink = Uplink()
    speaker = homeassistant.HomeAssistant(NAMES, ABOUT, 180, uplink)
    out = payload.writer(600)
    assert told(speaker, out) == NAMES
    assert "lib.discovery" not in sys.modules
    assert told(speaker, out) == []
    uplink.connections = 2
    assert told(speaker, out) == NAMES


def test_without_room_the_uplink_lives_on_and_the_next_connection_tells_them():
    # What a speaker raises ends the connection: it would end every one.
    def no_room(*_):
        raise MemoryError

    from lib import discovery

    discovery.write = no_room
    uplink = Uplink()
    speaker = homeassistant.HomeAssistant(NAMES, ABOUT, 180, uplink)
    out = payload.writer(600)
    assert told(speaker, out) == []
    assert told(speaker, out) == []
    assert "lib.discovery" not in sys.modules
    uplink.connections = 2
    assert told(speaker, out) == NAMES
