"""Generic ESP32 devkit (ESP32-WROOM-32, 4 MiB flash) with an RS-485 adapter and two pulse inputs.

The wiring is in README.md beside this file. Nothing happens at import; make() returns the board.
"""

from esp32 import Partition
from machine import UART, Pin, reset, reset_cause, unique_id

from drivers.broker import BrokerSession
from drivers.mains import Mains
from drivers.modbus import ModbusMaster
from drivers.pulse import PulseInput
from drivers.watchdog import Watchdog
from drivers.wifi import WiFi
from inputs import pulse_input

_RS485_UART = 2
_RS485_TX_PIN = 17
_RS485_RX_PIN = 16
_RS485_DIRECTION_PIN = 4
_PULSE_PINS = {"water": 25, "gas": 26}
_REVERSE_PINS = {"water": 27, "gas": 33}
_COUNTER_UNITS = 8  # PCNT of the ESP32
_MAINS_PIN = 34  # input only, without a pull of its own
_UART_BUFFER_BYTES = 512  # a whole Modbus frame (256) and the echo or noise before it


class Board:
    """The hardware of one collector model; each part is made when it is first asked for."""

    name = "esp32_devkit"

    def __init__(self):
        self.unique_id = unique_id()
        self.reset_cause = reset_cause()
        self.watchdog = Watchdog()

    def reset(self) -> None:
        """Restart the chip."""
        reset()

    def journal_partition(self) -> Partition:
        """Where the journal lives."""
        return Partition.find(Partition.TYPE_DATA, label="journal")[0]

    def identity_partition(self) -> Partition:
        """Where the configuration lives."""
        return Partition.find(Partition.TYPE_DATA, label="identity")[0]

    def modbus(
        self, baud_bps: int, parity: int | None, stop_bits: int, timeout_ms: int
    ) -> ModbusMaster:
        """The RS-485 pair, eight data bits; parity: None, 0 (even) or 1 (odd)."""
        uart = UART(
            _RS485_UART,
            baud_bps,
            parity=parity,
            stop=stop_bits,
            tx=_RS485_TX_PIN,
            rx=_RS485_RX_PIN,
            rxbuf=_UART_BUFFER_BYTES,
            timeout=0,
        )
        char_bits = 9 + (parity is not None) + stop_bits
        direction = Pin(_RS485_DIRECTION_PIN, Pin.OUT, value=0)
        return ModbusMaster(uart, baud_bps, direction, char_bits, timeout_ms)

    def pulse_inputs(self, config) -> dict:
        """The pulse inputs by channel name, as the configuration wants them counted."""
        units = iter(range(_COUNTER_UNITS))

        def counter(pin: Pin, loop) -> PulseInput:
            return PulseInput(next(units), pin, loop)

        inputs = {}
        for channel, number in _PULSE_PINS.items():
            pin = Pin(number, Pin.IN, Pin.PULL_UP)
            reverse = Pin(_REVERSE_PINS[channel], Pin.IN, Pin.PULL_UP)
            inputs[channel] = pulse_input(config, channel, pin, reverse, counter)
        return inputs

    def mains(self) -> Mains:
        """The mains sense input."""
        return Mains(Pin(_MAINS_PIN, Pin.IN))

    def wifi(self, ssid: str, password: str) -> WiFi:
        """The way to the network."""
        return WiFi(ssid, password)

    def broker(self, *session) -> BrokerSession:
        """A session with the broker, not yet open; arguments as BrokerSession's."""
        return BrokerSession(*session)


def make() -> Board:
    """Build the board; the watchdog runs from here on."""
    return Board()
