"""The text of a meter profile: one fact a line, read line by line. So a mistake has a line number,
and the text never stands in the heap as a whole. Needed at start only: see once.py.

    model   Eastron SDM630-Modbus v2
    source  vendor PDF sdm630_modbus_protocol_v2.0.pdf    where the facts are from; at least one
    serial  9600 8N1 1                                    speed, format, address
    rating  69000    highest active power in W: a register that rises faster is not believed
    words   high first                                    of two or four registers; or: low first
    block   80 16      registers in one read; unused ones between two that are read along with them
    read    electricity_delivered  4  72  float32  1000  Wh

read: name, function, register as on the wire (0-based), type, scale as num or num/den to the unit,
unit; then, where the quantity has them, `words=low` or `words=high`; `none=0xFFFF,0x8000`: the raw
patterns that mean "no value" or "overflow"; `rolls=1000000`: the raw value after which a register
starts again at 0, where that is not its width. What follows a # is a comment.
"""

from lib import decode
from lib.profile import Profile, ProfileError

_LINE_MAX = 160
_LINES_MAX = 200
_READS_MAX = 64
_MODEL_MAX = 40
_BAUDS = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
_PARITIES = {"N": None, "E": 0, "O": 1}  # as machine.UART wants it
_ORDERS = {"high": False, "low": True}


def load(file, name: str) -> Profile:
    """Check and compile an open text file; ProfileError tells file, line and mistake."""
    text = _Text()
    number = 0
    while True:
        line = file.readline(_LINE_MAX + 1)
        if not line:
            break
        number += 1
        try:
            if len(line) > _LINE_MAX or number > _LINES_MAX:
                raise ProfileError("more than %d lines of %d bytes" % (_LINES_MAX, _LINE_MAX))
            words = line.split("#")[0].split()
            if words:
                text.take(words[0], words[1:])
        except ProfileError as error:
            raise ProfileError("%s line %d: %s" % (name, number, error))
    missing = text.missing()
    if missing:
        raise ProfileError("%s: no line '%s'" % (name, missing))
    return text.profile()


class _Text:
    """What the lines said so far."""

    def __init__(self):
        self._facts = {}
        self._names = []
        self._units = []
        self._fields = []

    def take(self, keyword: str, words: list) -> None:
        """One line."""
        if keyword == "read":
            self._take_read(words)
        elif keyword not in _KEYWORDS:
            raise ProfileError("unknown word '%s'; use read, %s" % (keyword, ", ".join(_KEYWORDS)))
        elif keyword in self._facts and keyword != "source":
            raise ProfileError("a second line '%s'" % keyword)
        elif self._fields and keyword != "source":
            raise ProfileError("'%s' must stand before the first 'read'" % keyword)
        else:
            self._facts[keyword] = _TAKERS[keyword](words)

    def missing(self) -> str:
        """The first keyword that has no line yet; empty when all have."""
        for keyword in _KEYWORDS:
            if keyword not in self._facts:
                return keyword
        return "" if self._fields else "read"

    def profile(self) -> Profile:
        """All of it, compiled."""
        blocks, block_of = _coalesced(self._fields, *self._facts["block"])
        return Profile(
            self._facts["model"],
            self._facts["serial"],
            self._facts["rating"],
            tuple(self._names),
            tuple(self._units),
            tuple(self._fields),
            blocks,
            block_of,
        )

    def _take_read(self, words: list) -> None:
        if self.missing() not in ("", "read"):
            raise ProfileError("'%s' must stand before the first 'read'" % self.missing())
        if len(words) < 6:
            raise ProfileError("'read' needs name, function, register, type, scale and unit")
        name, function, register, kind, scale, unit = words[:6]
        if name in self._names:
            raise ProfileError("'%s' is there twice" % name)
        if len(self._names) == _READS_MAX:
            raise ProfileError("more than %d quantities" % _READS_MAX)
        if kind not in decode.TYPES:
            raise ProfileError(
                "unknown type '%s'; use %s" % (kind, ", ".join(sorted(decode.TYPES)))
            )
        count = decode.words(decode.TYPES[kind])
        if count > self._facts["block"][0]:
            raise ProfileError("%s takes %d registers, more than a block" % (kind, count))
        low_first, no_value, rolls = _options(words[6:], self._facts["words"])
        field = (
            _integer("function", function, 3, 4),
            _integer("register", register, 0, 65536 - count),
            decode.TYPES[kind],
            low_first,
        )
        if rolls is None:
            rolls = decode.width(decode.TYPES[kind])
        self._fields.append(field + _scale(scale) + (no_value, rolls))
        self._names.append(name)
        self._units.append(unit)


def _options(words: list, low_first: bool) -> tuple:
    """(low word first?, patterns of no value, raw value after the last or None) of a quantity."""
    no_value = ()
    rolls = None
    for word in words:
        key, _, value = word.partition("=")
        if key == "words" and value in _ORDERS:
            low_first = _ORDERS[value]
        elif key == "none" and value:
            no_value = tuple([_integer("none", each, 0, None) for each in value.split(",")])
        elif key == "rolls" and value:
            rolls = _integer("rolls", value, 1, None)
        else:
            raise ProfileError(
                "'%s' is neither words=high, words=low, none=patterns nor rolls=number" % word
            )
    return low_first, no_value, rolls


def _model(words: list) -> str:
    model = " ".join(words)
    if not 1 <= len(model) <= _MODEL_MAX:
        raise ProfileError("'model' must be 1 to %d characters" % _MODEL_MAX)
    return model


def _source(words: list) -> bool:
    if not words:
        raise ProfileError("'source' must say where the facts are from")
    return True


def _serial(words: list) -> tuple:
    """(baud_bps, parity, stop_bits, address)."""
    if len(words) != 3:
        raise ProfileError("'serial' needs speed, format such as 8N1, and address")
    baud_bps = _integer("speed", words[0], 1200, 115200)
    if baud_bps not in _BAUDS:
        raise ProfileError("speed must be one of %s" % ", ".join([str(each) for each in _BAUDS]))
    form = words[1]
    if len(form) != 3 or form[0] != "8" or form[1] not in _PARITIES or form[2] not in "12":
        raise ProfileError("unknown format '%s'; use 8N1, 8E1, 8O1, 8N2, 8E2 or 8O2" % form)
    return baud_bps, _PARITIES[form[1]], int(form[2]), _integer("address", words[2], 1, 248)


def _rating(words: list) -> int:
    if len(words) != 1:
        raise ProfileError("'rating' needs the highest power in W")
    return _integer("rating", words[0], 1, 100000000)


def _order(words: list) -> bool:
    """Whether the low word comes first."""
    if len(words) != 2 or words[0] not in _ORDERS or words[1] != "first":
        raise ProfileError("'words' must be: high first, or: low first")
    return _ORDERS[words[0]]


def _block(words: list) -> tuple:
    """(registers in one read, registers of a gap)."""
    if len(words) != 2:
        raise ProfileError("'block' needs registers in one read, and those of a gap")
    return _integer("block", words[0], 1, 125), _integer("gap", words[1], 0, 124)


def _scale(word: str) -> tuple:
    num, _, den = word.partition("/")
    return _integer("scale", num, 1, None), _integer("scale", den or "1", 1, None)


def _integer(what: str, word: str, low: int, high: int | None) -> int:
    """A decimal or hexadecimal number in a range; `high` None: no end."""
    try:
        value = int(word, 16) if word[:2] == "0x" else int(word)
    except ValueError:
        value = low - 1
    if value < low or (high is not None and value > high):
        end = "from %d" % low if high is None else "%d to %d" % (low, high)
        raise ProfileError("%s must be a number %s, not '%s'" % (what, end, word))
    return value


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


_KEYWORDS = ("model", "source", "serial", "rating", "words", "block")
_TAKERS = {
    "model": _model,
    "source": _source,
    "serial": _serial,
    "rating": _rating,
    "words": _order,
    "block": _block,
}
