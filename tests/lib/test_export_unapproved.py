"""Export of a site that has no program: told at once, then at most once a day, and never what
nobody has seen.
"""

from lib import events
from lib.unapproved import Unapproved

HOUR_S = 3600


def told(registers):
    """(hour, Wh) of what is said when the register is read every hour from the boot on."""
    judge = Unapproved()
    said = []
    for hour, register in enumerate(registers):
        found = judge.take(register, 7 + hour * HOUR_S)
        if found:
            kind, (energy_wh,) = found
            assert kind == events.EXPORT_UNAPPROVED
            said.append((hour, energy_wh))
    return said


def test_where_nothing_is_exported_nothing_is_told():
    # Also not what the register had before: it may be from the site's last owner.
    assert told([0] * 100) == []
    assert told([4321000] * 100) == []


def test_at_once_and_then_once_a_day_with_what_came_since():
    registers = [900] * 3 + list(range(901, 1000))
    assert told(registers) == [(3, 1), (27, 24), (51, 24), (75, 24), (99, 24)]


def test_what_came_within_the_day_is_told_when_it_is_over():
    # One that comes right after the first waits, and after a quiet week nothing does.
    assert told([0, 10, 30] + [30] * 200) == [(1, 10), (25, 20)]
    assert told([0, 10] + [10] * 200 + [11]) == [(1, 10), (202, 1)]


def test_the_words_of_the_event():
    payload = events.pack(events.EXPORT_UNAPPROVED, 1, 1772409600, (17,))
    assert events.unpack(payload)[2:] == ("export_unapproved", (("energy_wh", 17),))
