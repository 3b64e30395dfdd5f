"""How a pulse input is counted: what the configuration wants of it, with what the board has; and
where its register goes on. Needed at start only: see once.py.
"""

from lib.interval import PulseRegister

# Half of what an S0 output's pulse and pause last at least (IEC 62053-31: 30 ms each).
_UNSET_MS = 15


def pulse_input(config, channel: str, pin, reverse, counter, loop):
    """An input with pulses(), bounces() and fault().

    reverse: the pin of the reverse input, where the configuration has one. counter(pin): an input
    on a hardware counter, or None where the chip has none. loop: supervision of the forward wire,
    or None.
    """
    min_closed_ms = config[channel + ".min_closed_ms"]
    min_open_ms = config[channel + ".min_open_ms"]
    how = config[channel + ".reverse"]
    is_fast = not min_closed_ms and not min_open_ms
    if is_fast:
        min_closed_ms = min_open_ms = _UNSET_MS

    def counted(at, direction, loop):
        # Not a wire that is supervised: silicon counts a short as a pulse.
        counting = counter(at) if is_fast and not direction and not loop else None
        if counting:
            return counting
        from drivers.contact import Contact

        return Contact(at, min_closed_ms, min_open_ms, direction, loop)

    if how != "pulses":
        return counted(pin, reverse, loop)
    from drivers.two_way import TwoWay

    return TwoWay(counted(pin, None, loop), counted(reverse, None, None))


def pulse_register(config, books, place: int, name: str) -> PulseRegister:
    """A channel's register as the books have it; a fresh one opens as configured."""
    num, den = config[name + ".pulse_num"], config[name + ".pulse_den"]
    register = books.register(place)
    if register is None:
        register = config[name + ".opening"]
        books.open(place, register)
    kept = PulseRegister(num, den, register)
    kept.carry = min(books.carries[place], den - 1)
    return kept
