"""The table of settings, read anew each time: as a whole it would take a tenth of what a chip has
free.
"""

import json

FILE = "settings.txt"


def table():
    """The rows of the board's table."""
    with open(FILE) as lines:
        yield from rows(lines)


def rows(lines):
    """(key, type, default, limits) of each line of the table that is no comment."""
    for line in lines:
        if line[0] not in "#\r\n":
            key, kind, told = line.split(" ", 2)
            default, *limits = json.loads(told)
            yield key, kind, default, tuple(limits)
