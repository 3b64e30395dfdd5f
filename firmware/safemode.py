"""Safe mode: a collector that dies again and again must stay reachable over the serial port, not
reset for ever.

Boots are counted in RTC memory, which survives every reset but not a power cut, until the firmware
is well. Behind the count lies the record of lib/legacy.py.
"""

import machine

_MAGIC = b"PKB"
_BOOTS_MAX = 5
_BOOTS_BAD = 2


def entered() -> bool:
    """Too many boots in a row ended badly: the application must not start."""
    return _boots() > _BOOTS_MAX


def is_near() -> bool:
    """Boots have ended badly, though not too many yet: better do without what can be left out."""
    return _boots() > _BOOTS_BAD


def count_boot() -> None:
    """One more boot that has not proved itself yet."""
    _remember(min(_boots() + 1, 255))


def forget_boots() -> None:
    """The firmware is well: the count begins anew."""
    _remember(0)


def _boots() -> int:
    memory = machine.RTC().memory()
    # The memory checks nothing: a bit that falls over must not lock the firmware out.
    is_count = len(memory) > 4 and memory[:3] == _MAGIC and memory[3] ^ memory[4] == 255
    return memory[3] if is_count else 0


def _remember(boots: int) -> None:
    memory = machine.RTC().memory()
    machine.RTC().memory(_MAGIC + bytes((boots, boots ^ 255)) + memory[5:])
