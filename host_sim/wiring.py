"""What the bench wires to a board: which meter hangs on which pin. Written from the board's
README, not from its code.
"""

from typing import NamedTuple


class Wiring(NamedTuple):
    """Pin numbers of one board as the technician would connect them."""

    rs485_uart: int
    rs485_direction_pin: int | None
    pulse_pins: dict[str, int]
    reverse_pins: dict[str, int]
    mains_pin: int | None
    unique_id: bytes


WIRINGS = {
    "esp32_devkit": Wiring(
        rs485_uart=2,
        rs485_direction_pin=4,
        pulse_pins={"water": 25, "gas": 26},
        reverse_pins={"water": 27, "gas": 33},
        mains_pin=34,
        unique_id=bytes.fromhex("246f28a1b2c3"),
    ),
}
