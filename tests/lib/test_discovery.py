"""The texts for Home Assistant: there is room for every one of them."""

import json

from lib import discovery, payload

NAMES = ("electricity_delivered", "electricity_received", "water", "gas", "power_w")


def test_the_longest_text_fits_the_smallest_message():
    # A text that does not fit would end the uplink with every connection. The longest names and
    # times that can be configured, in the shortest message (lib/settings.py).
    about = ("c" * 32, "10.20.30", "esp32_c3_devkit_with_more")
    out = payload.writer(600)
    for name in NAMES:
        out.clear()
        discovery.write(out, name, about, 7260)
        text = str(out.text('{"~":"ami/%s",' % about[0]), "utf-8")
        told = json.loads(text)
        assert told["~"] == "ami/" + about[0]
        assert told["uniq_id"] == about[0] + "_" + name
        assert told["exp_aft"] == 7260
        assert told["dev"]["sw"] == "10.20.30"


def test_each_has_a_topic_of_its_own():
    topics = [discovery.topic("pk-1", name) for name in NAMES]
    assert len(set(topics)) == len(NAMES)
    assert topics[3] == "homeassistant/sensor/pk-1/gas/config"


def test_a_name_that_nobody_shows_is_refused():
    try:
        discovery.write(payload.writer(600), "steam", ("pk-1", "1", "b"), 60)
    except ValueError:
        return
    raise AssertionError("a text for steam")
