"""What the head-end asks of one collector, as a text.

A command is for one boot, and its number rises within it: what is heard twice, late, or recorded
and played again by somebody else, is refused.
"""

from lib.jsontext import load_object

TEXT_BYTES = 256
_ID_MAX = 0xFFFFFFFF


class Refused(Exception):
    """A command that is not carried out: its number, and why, in words."""

    def __init__(self, number: int, why: str):
        super().__init__(number, why)
        self.number = number
        self.why = why


def parse(text: memoryview, boot: int, last: int) -> tuple | None:
    """(number, word, arguments) of a command to this `boot` whose predecessor was `last`.

    Refused when it may not be carried out; None when it is not even a command, and there is no
    number to reply to.
    """
    data = load_object(text) if len(text) <= TEXT_BYTES else None
    if data is None or data.pop("v", None) != 1:
        return None
    number, to_boot, word = data.pop("id", None), data.pop("boot", None), data.pop("do", None)
    if type(number) is not int or not 0 < number <= _ID_MAX:
        return None
    if type(word) is not str:
        raise Refused(number, "do: no word says what to do")
    if to_boot != boot:
        raise Refused(number, "boot: this is boot %d" % boot)
    if number <= last:
        raise Refused(number, "id: must be above %d" % last)
    return number, word, data
