"""Texts by which Home Assistant finds the meters by itself: one for each thing that it shows.

Keys are abbreviated as Home Assistant allows: so the smallest buffer has room for the longest
names. Needed for a moment after each connect: see once.py. So it is long texts only: what is short
stays with MicroPython's names for ever.
"""

from lib.jsontext import JsonWriter

# Name, device class, unit, state class, what it is called. "total": where a sudden death has set a
# register back by some pulses, it is not taken for a new one.
_SHOWN = """\
electricity_delivered energy Wh total Electricity delivered
electricity_received energy Wh total Electricity received
water water L total Water
gas gas m\\u00b3 total Gas
power_w power W measurement Power"""

# absent is "None", which Home Assistant shows as unknown
_TEXT = """\
"name":"%s","uniq_id":"%s_%s","stat_t":"~/readings",\
"val_tpl":"{{ value_json.%s }}",\
"dev_cla":"%s","unit_of_meas":"%s","stat_cla":"%s","exp_aft":%d,\
"avty_t":"~/status","avty_tpl":"{{ value_json.state }}",\
"dev":{"ids":"%s","name":"%s","mf":"Pulsekeep","mdl":"%s","sw":"%s"}}"""


def topic(collector: str, name: str) -> str:
    """Where the text is retained."""
    return "homeassistant/sensor/%s/%s/config" % (collector, name)


def write(out: JsonWriter, name: str, about: tuple, expire_s: int) -> None:
    """Write the text for `name`, a channel or "power_w". about: the collector's name, the
    firmware's version, the board's name. expire_s: what was not told for so long is not known.
    """
    collector, firmware, board = about
    device_class, unit, state_class, called = _shown(name)
    if name == "gas":  # from dm3
        value = "registers.gas / 1000 if value_json.registers.gas is defined else None"
    else:
        value = ("" if name == "power_w" else "registers.") + name + " | default(None)"
    meaning = called, collector, name, value, device_class, unit, state_class
    out.put(_TEXT % (meaning + (expire_s, collector, collector, board, firmware)))
    out.text('{"~":"ami/%s",' % collector)


def _shown(name: str) -> list:
    for line in _SHOWN.split("\n"):
        if line.startswith(name):
            return line.split(" ", 4)[1:]
    raise ValueError(name)
