"""The collector's configuration: the validation of a text against a table of keys, settings.txt.

The configuration is a flat JSON object. Only what differs from the defaults is stored. `parse`
never fails: a wrong value falls back to its default and is reported in one line that names the
key, what is wrong and what is allowed. A host program refuses a text with any problem; the
board runs on with the defaults and reports. `table`: see lib/setting.py.
"""

from lib import agreement, setting
from lib.jsontext import JsonWriter, load_object

MAX_BYTES = 2048


def parse(text: bytes, table) -> tuple:
    """(values, problems): a dict with every key of the table, and a list of lines, empty when
    good.
    """
    data, problems = _loaded(text)
    # the default rules fit every pulse: where none are set, a start need not load what checks them
    keys = [key for key in data if ".pulse_" not in key]
    values = {row[0]: value for row, value in _set(data, problems, table)}
    problems += [setting.unknown(key, table) for key in sorted(data)]
    return values, problems + agreement.keep(values, keys)


def dump(values: dict, table) -> bytes:
    """The text that `parse` turns into `values`: what differs from the defaults, in table order.

    IndexError when it is longer than MAX_BYTES.
    """
    out = JsonWriter(MAX_BYTES)
    for row in table():
        _put(out, row, values[row[0]])
    out.put("}\n" if out.length else "{}\n")
    return bytes(out.text())


def _loaded(text: bytes) -> tuple:
    """(what the text sets, what is wrong with it as a whole)."""
    if len(text) > MAX_BYTES:
        return {}, ["configuration has %d bytes; at most %d" % (len(text), MAX_BYTES)]
    data = load_object(text)
    if data is None:
        return {}, ["configuration is not a JSON object of keys and values; is it truncated?"]
    return data, []


def _set(data: dict, problems: list, table):
    """(row, value) of each row; what `data` sets is taken out of it, and told where it is wrong:
    then it is the default.
    """
    for row in table():
        key, _, value, _ = row
        if key in data:
            wanted = data.pop(key)
            problem = setting.problem(row, wanted)
            if not problem:
                value = wanted
            else:
                problems.append("%s: %s" % (key, problem))
                if key == "mqtt.tls":  # somebody wanted something of it: never in the clear
                    value = True
        yield row, value


def _put(out: JsonWriter, row: tuple, value) -> None:
    """Write a member of the object, unless it is the default."""
    if value != row[2]:
        out.put("{" if out.length == 0 else ",\n ")
        out.pair(row[0], value)
