"""What the bench wires to a board: which meter hangs on which pin. Written from the board's
README, not from its code.
"""

from typing import NamedTuple


class Wiring(NamedTuple):
    """Pin numbers of one board as the technician would connect them.

    i2c_pins: SCL and SDA of the battery clock. loop_pins: ADC pins of the supervised loops, each
    over `shunt_ohm`; a channel without one has a bare contact. counter_units: of the chip's
    hardware counters. heap_bytes: what MicroPython leaves to the application: its initial heap may
    double and still leave room for Wi-Fi and TLS (56 KiB on the ESP32, 64 KiB on the C3:
    MICROPY_GC_INITIAL_HEAP_SIZE in mpconfigport.h). is_wired: its network is Ethernet.
    """

    rs485_uart: int
    rs485_direction_pin: int | None
    pulse_pins: dict[str, int]
    reverse_pins: dict[str, int]
    mains_pin: int | None
    i2c_pins: tuple[int, int] | None
    unique_id: bytes
    counter_units: int
    loop_pins: dict[str, int]
    shunt_ohm: int
    heap_bytes: int
    is_wired: bool = False


WIRINGS = {
    "esp32_devkit": Wiring(
        rs485_uart=2,
        rs485_direction_pin=4,
        pulse_pins={"water": 25, "gas": 26},
        reverse_pins={"water": 27, "gas": 33},
        mains_pin=34,
        i2c_pins=(22, 21),
        unique_id=bytes.fromhex("246f28a1b2c3"),
        counter_units=8,
        loop_pins={},
        shunt_ohm=0,
        heap_bytes=112 * 1024,
    ),
    "lilygo_t_can485": Wiring(
        rs485_uart=2,
        rs485_direction_pin=None,
        pulse_pins={"water": 32, "gas": 33},
        reverse_pins={"water": 25, "gas": 18},
        mains_pin=34,
        i2c_pins=None,
        unique_id=bytes.fromhex("30aea4c5d6e7"),
        counter_units=8,
        loop_pins={},
        shunt_ohm=0,
        heap_bytes=112 * 1024,
    ),
    "olimex_esp32_poe_iso": Wiring(
        rs485_uart=2,
        rs485_direction_pin=None,
        pulse_pins={"water": 32, "gas": 33},
        reverse_pins={"water": 14},
        mains_pin=39,
        i2c_pins=(16, 13),
        unique_id=bytes.fromhex("a8032a9f1b2d"),
        counter_units=8,
        loop_pins={},
        shunt_ohm=0,
        heap_bytes=112 * 1024,
        is_wired=True,
    ),
    "esp32_c3_devkit": Wiring(
        rs485_uart=1,
        rs485_direction_pin=4,
        pulse_pins={"water": 7, "gas": 10},
        reverse_pins={"water": 18, "gas": 19},
        mains_pin=3,
        i2c_pins=None,
        unique_id=bytes.fromhex("7cdfa1b2c3d4"),
        counter_units=0,
        loop_pins={"water": 0, "gas": 1},
        shunt_ohm=270,
        heap_bytes=128 * 1024,
    ),
}
