"""The words of the events on the wire. Needed when one is sent: see once.py.

In the heap they would be two kilobytes, which a collector in full operation may not have free: so
they are told ten at a time, in event_words_0.py and those after it. A line: the type's number, its
word, and the names of its integers.
"""

import once

TENS = 5


def number(word: str) -> int:
    """The number of the type with this word; 0: there is none."""
    for tens in range(TENS):
        for line in _text(tens).split("\n"):
            names = line.split()
            if names[1:2] == [word]:
                return int(names[0])
    return 0


def of(kind: int) -> list:
    """The word and the names of a type; of one that is not known, its number."""
    if kind < 10 * TENS:
        text = _text(kind // 10)
        start = text.find("\n%d " % kind)
        if start >= 0:
            return text[start : text.find("\n", start + 1)].split()[1:]
    return ["event_%d" % kind]


def _text(tens: int) -> str:
    if tens == 0:
        from lib.event_words_0 import TEXT
    elif tens == 1:
        from lib.event_words_1 import TEXT
    elif tens == 2:
        from lib.event_words_2 import TEXT
    elif tens == 3:
        from lib.event_words_3 import TEXT
    else:
        from lib.event_words_4 import TEXT
    once.forget("lib.event_words_%d" % tens)
    return TEXT
