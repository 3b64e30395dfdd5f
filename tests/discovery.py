"""What Home Assistant wants of a text by which it finds a sensor, as far as this collector writes
such texts (home-assistant.io, integrations mqtt and sensor.mqtt).

Which units go with which device class is not told here: tests/sim/test_homeassistant.py takes it
from Home Assistant itself.
"""

import json
import re
from typing import Any

PREFIX = "homeassistant/"
_TOPIC = re.compile(r"homeassistant/sensor/(?P<collector>[a-z0-9-]{1,32})/[a-z0-9_-]+/config")
# of homeassistant/components/mqtt/abbreviations.py
_WORDS = {
    "avty_t": "availability_topic",
    "avty_tpl": "availability_template",
    "dev": "device",
    "dev_cla": "device_class",
    "exp_aft": "expire_after",
    "name": "name",
    "stat_cla": "state_class",
    "stat_t": "state_topic",
    "uniq_id": "unique_id",
    "unit_of_meas": "unit_of_measurement",
    "val_tpl": "value_template",
}
_DEVICE_WORDS = {
    "ids": "identifiers",
    "name": "name",
    "mdl": "model",
    "mf": "manufacturer",
    "sw": "sw_version",
}
_BASE = "~"


def spelled(payload: bytes) -> dict[str, Any]:
    """The text, every key in full and every topic whole; KeyError for a key that is unknown."""
    data = json.loads(payload)
    base = data.pop(_BASE, "")
    whole = {_WORDS[key]: value for key, value in data.items()}
    for key, value in whole.items():
        if key.endswith("topic"):
            whole[key] = value.replace(_BASE, base)
    device = whole.get("device", {})
    whole["device"] = {_DEVICE_WORDS[key]: value for key, value in device.items()}
    return whole


def problems(topic: str, payload: bytes) -> list[str]:
    """What is wrong with a text, in words; empty when nothing is."""
    found = _TOPIC.fullmatch(topic)
    if found is None:
        return [f"{topic}: Home Assistant looks elsewhere"]
    try:
        whole = spelled(payload)
    except (KeyError, ValueError) as error:
        return [f"{topic}: {error!r}"]
    missing = {*_WORDS.values()} - {*whole} or {*_DEVICE_WORDS.values()} - {*whole["device"]}
    if missing:
        return [f"{topic}: no {', '.join(sorted(missing))}"]
    ours = f"ami/{found['collector']}/"
    topics = (whole["state_topic"], whole["availability_topic"])
    return [f"{topic}: {each} is not ours" for each in topics if not each.startswith(ours)]
