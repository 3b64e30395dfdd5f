"""As much of a meter's profile as it takes to ask whether a meter is like it, in a third of the
heap that checking and compiling it takes (lib/profile_text.py has the format).
"""

from lib import decode


def read(file) -> tuple:
    """(rating_w, names, fields) of an open text file; a field: (function, register, type, low word
    first?, num, den). ValueError or IndexError where it is no good profile.
    """
    rating_w, low_first, names, fields = 0, False, [], []
    for line in file:
        words = line.split("#")[0].split()
        keyword = words[0] if words else ""
        if keyword == "rating":
            rating_w = int(words[1])
        elif keyword == "words":
            low_first = words[1] == "low"
        elif keyword == "read":
            names.append(words[1])
            fields.append(_field(words, low_first))
    return rating_w, tuple(names), fields


def _field(words: list, low_first: bool) -> tuple:
    for option in words[7:]:
        if option.startswith("words="):
            low_first = option == "words=low"
    num, _, den = words[5].partition("/")
    kind = decode.TYPES.get(words[4])
    if not kind:
        raise ValueError(words[4])
    return int(words[2]), _number(words[3]), kind, low_first, int(num), int(den or "1")


def _number(word: str) -> int:
    return int(word, 16) if word.startswith("0x") else int(word)


def value(field: tuple, payload: bytes) -> int | None:
    """What its registers say."""
    _, _, kind, low_first, num, den = field
    return decode.scaled(decode.raw(payload, 0, kind, low_first), kind, num, den)
