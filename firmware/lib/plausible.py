"""Whether what a meter shows can be: what a wrong model, address or scale gives away."""

from micropython import const

_VOLTAGE_DV = (800, 3000)  # 100 to 277 V, less and more by what is allowed and a bit
_FREQUENCY_CHZ = (4500, 6500)
_AT_REST = const(0)  # of a phase that is not wired


def problem(names: tuple, values: list, rating_w: int) -> str | None:
    """What cannot be among the values of these names, as profiles have them (None: the meter has
    none); None where all can.
    """
    voltages = 0
    for name, value in zip(names, values):
        if value is None:
            continue
        if name.startswith("voltage"):
            if value == _AT_REST:
                continue
            voltages += 1
            if not _VOLTAGE_DV[0] <= value <= _VOLTAGE_DV[1]:
                return "%s %d" % (name, value)
        elif name.startswith("frequency"):
            if not _FREQUENCY_CHZ[0] <= value <= _FREQUENCY_CHZ[1]:
                return "%s %d" % (name, value)
        elif name.startswith("electricity") and value < 0:
            return "%s %d" % (name, value)
        elif name == "power_w" and 4 * abs(value) > 5 * rating_w:
            return "%s %d, rated for %d" % (name, value, rating_w)
    if not voltages and any(name.startswith("voltage") for name in names):
        return "no voltage"
    return None
