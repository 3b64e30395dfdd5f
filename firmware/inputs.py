"""How a pulse input is counted: what the configuration wants of it, with what the chip has."""

# Half of what an S0 output's pulse and pause last at least (IEC 62053-31: 30 ms each).
_UNSET_MS = 15


def pulse_input(config, channel: str, pin, reverse, counter, loop=None):
    """An input with pulses(), bounces() and fault().

    reverse: the pin of the reverse input. counter: makes an input of a pin on a hardware counter;
    None where the chip has none. loop: supervision of the wire, where the board has it.
    """
    min_closed_ms, min_open_ms = (
        config[channel + ".min_closed_ms"],
        config[channel + ".min_open_ms"],
    )
    how = config[channel + ".reverse"]
    is_fast = not min_closed_ms and not min_open_ms

    def counted(at):
        if is_fast and counter and how != "direction":
            return counter(at, loop)
        from drivers.contact import Contact

        direction = reverse if how == "direction" else None
        if is_fast:
            return Contact(at, _UNSET_MS, _UNSET_MS, direction, loop)
        return Contact(at, min_closed_ms, min_open_ms, direction, loop)

    if how != "pulses":
        return counted(pin)
    from drivers.two_way import TwoWay

    return TwoWay(counted(pin), counted(reverse))
