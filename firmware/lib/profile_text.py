"""The text of a meter profile: checked word by word, and compiled once.

A profile is data (`firmware/profiles/`, JSON). Adjacent registers are coalesced into blocks, so a
poll is a handful of reads. Needed at start only: see once.py.
"""

from lib import decode
from lib.jsontext import load_object
from lib.profile import Profile, ProfileError

_MODEL_KEYS = (
    "model", "sources", "notes", "serial", "block_words", "gap_words", "word_order", "quantities",
)  # fmt: skip
_SERIAL_KEYS = ("baud_bps", "parity", "stop_bits", "address")
_QUANTITY_KEYS = (
    "name", "function", "register", "type", "scale", "unit", "word_order", "no_value",
)  # fmt: skip
_ORDERS = ("high first", "low first")
_MAX_ITEMS = 64
_MAX_TEXT = 40


def load(text: str | bytes) -> Profile:
    """Check and compile the JSON text of a profile; ProfileError tells the first mistake."""
    data = load_object(text)
    if data is None:
        raise ProfileError("profile is not a JSON object; is it truncated?")
    _object("profile", data, _MODEL_KEYS)
    model = _text("profile", data, "model")
    _list("profile", data, "sources", 1)
    serial = _object("serial", data.get("serial"), _SERIAL_KEYS)
    _integer("serial", serial, "baud_bps", 300, 115200)
    _choice("serial", serial, "parity", ("none", "even", "odd"))
    _integer("serial", serial, "stop_bits", 1, 2)
    _integer("serial", serial, "address", 1, 248)
    block_words = _integer("profile", data, "block_words", 1, 125)
    gap_words = _integer("profile", data, "gap_words", 0, 124)
    order = _choice("profile", data, "word_order", _ORDERS)
    names = []
    units = []
    fields = []
    for entry in _list("profile", data, "quantities", 1):
        where = "quantity %d" % (len(names) + 1)
        _object(where, entry, _QUANTITY_KEYS)
        name = _text(where, entry, "name")
        if name in names:
            raise ProfileError("%s: name '%s' is there twice" % (where, name))
        where += " (%s)" % name
        names.append(name)
        units.append(_text(where, entry, "unit"))
        fields.append(_field(where, entry, order, block_words))
    blocks, block_of = _coalesced(fields, block_words, gap_words)
    return Profile(model, serial, tuple(names), tuple(units), tuple(fields), blocks, block_of)


def _coalesced(fields: list, block_words: int, gap_words: int) -> tuple:
    """Blocks, and the block of each field: a register joins the block before it when the gap is
    worth reading."""
    blocks = []
    block_of = [0] * len(fields)
    function = first = count = 0
    for i in sorted(range(len(fields)), key=lambda i: fields[i][:2]):
        its_function, register, kind = fields[i][:3]
        end = register + decode.words(kind)
        gap = register - (first + count)
        if function == its_function and gap <= gap_words and end - first <= block_words:
            count = max(count, end - first)
            blocks[-1] = (function, first, count)
        else:
            function, first, count = its_function, register, end - register
            blocks.append((function, first, count))
        block_of[i] = len(blocks) - 1
    return blocks, block_of


def _field(where: str, entry: dict, order: str, block_words: int) -> tuple:
    """(function, register, kind, low first?, num, den, patterns of no value) of a quantity."""
    function = _integer(where, entry, "function", 3, 4)
    kind = decode.TYPES[_choice(where, entry, "type", tuple(sorted(decode.TYPES)))]
    count = decode.words(kind)
    if count > block_words:
        raise ProfileError("%s: %d words do not fit 'block_words'" % (where, count))
    register = _integer(where, entry, "register", 0, 65536 - count)
    if "word_order" in entry:
        order = _choice(where, entry, "word_order", _ORDERS)
    scale = _list(where, entry, "scale", 2)
    if len(scale) != 2 or not _are_integers(scale) or scale[0] == 0 or scale[1] < 1:
        raise ProfileError("%s: 'scale' must be two integers [num, den], den > 0" % where)
    no_value = _list(where, entry, "no_value", 0)
    if not _are_integers(no_value):
        raise ProfileError("%s: 'no_value' must be a list of raw integers" % where)
    return function, register, kind, order == _ORDERS[1], scale[0], scale[1], tuple(no_value)


def _object(where: str, value: object, allowed: tuple) -> dict:
    if not isinstance(value, dict):
        raise ProfileError("%s: must be an object with %s" % (where, ", ".join(allowed)))
    for key in value:
        if key not in allowed:
            raise ProfileError("%s: unknown key '%s'; use %s" % (where, key, ", ".join(allowed)))
    return value


def _list(where: str, data: dict, key: str, shortest: int) -> list:
    value = data.get(key, [])
    if not isinstance(value, list) or not shortest <= len(value) <= _MAX_ITEMS:
        raise ProfileError(
            "%s: '%s' must be a list of %d to %d items" % (where, key, shortest, _MAX_ITEMS)
        )
    return value


def _are_integers(values: list) -> bool:
    return all(type(value) is int for value in values)


def _integer(where: str, data: dict, key: str, low: int, high: int) -> int:
    value = data.get(key)
    if type(value) is not int or not low <= value <= high:
        raise ProfileError("%s: '%s' must be an integer %d to %d" % (where, key, low, high))
    return value


def _text(where: str, data: dict, key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not 1 <= len(value) <= _MAX_TEXT:
        raise ProfileError(
            "%s: '%s' must be a text of 1 to %d characters" % (where, key, _MAX_TEXT)
        )
    return value


def _choice(where: str, data: dict, key: str, allowed: tuple) -> str:
    value = data.get(key)
    if value not in allowed:
        raise ProfileError("%s: unknown %s '%s'; use %s" % (where, key, value, ", ".join(allowed)))
    return str(value)
