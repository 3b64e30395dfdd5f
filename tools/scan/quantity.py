"""Values as people write them: 230.1 V instead of 2301 dV."""

_PREFIXES = {"d": (10, 1), "c": (100, 2), "m": (1000, 3)}
_BASE_UNITS = ("V", "A", "W", "Hz")
PHASES = ("L1", "L2", "L3")


def place(name: str, unit: str) -> tuple[str, str]:
    """Row and column of a quantity: `voltage_l1_dv` is ("voltage", "L1"), `power_w` stands under
    "all".
    """
    words = name.removesuffix(f"_{unit.lower()}").split("_")
    phase = words[-1].upper()
    if len(words) > 1 and phase in PHASES:
        return " ".join(words[:-1]), phase
    return " ".join(words), "all"


def shown(value: int | None, unit: str) -> str:
    """The number and its unit; a dash where the meter has no value."""
    if value is None:
        return "-"
    if unit == "Wh":
        return f"{_decimal(value, 1000, 3)} kWh"
    if unit[1:] in _BASE_UNITS and unit[0] in _PREFIXES:
        divisor, places = _PREFIXES[unit[0]]
        return f"{_decimal(value, divisor, places)} {unit[1:]}"
    return f"{value} {unit}"


def _decimal(value: int, divisor: int, places: int) -> str:
    """Exactly: registers of 64 bits do not fit a float."""
    whole, rest = divmod(abs(value), divisor)
    return f"{'-' if value < 0 else ''}{whole}.{rest:0{places}}"
