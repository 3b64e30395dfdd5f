"""What collectors on chips of the ESP32 family have in common; `board.py` adds the pins.

Nothing happens at import.
"""

from esp32 import Partition
from machine import RTC, UART, Pin, reset_cause, unique_id
from micropython import const

from drivers.broker import BrokerSession
from drivers.modbus import ModbusMaster
from drivers.watchdog import Watchdog
from drivers.wifi import WiFi
from inputs import pulse_input

_UART_BUFFER_BYTES = const(512)  # a whole Modbus frame (256) and the echo or noise before it


class Esp32Board:
    """The hardware of one collector model; each part is made when it is first asked for.

    A board says its name, the number of its RS-485 UART, how many hardware counters the chip has,
    and its pins: tx, rx and direction of RS-485 (None: the transceiver turns the line around by
    itself), pulses and their reverse inputs by channel, mains sense, and the valve's two.
    """

    name = ""
    counters = 0
    rs485_uart = 0
    rs485_pins: tuple = (0, 0, 0)
    pulse_pins = {}
    reverse_pins = {}
    mains_pin = 0
    valve_pins: tuple = ()  # to open, to close

    def __init__(self):
        self.unique_id = unique_id()
        self.reset_cause = reset_cause()
        self.watchdog = Watchdog()
        self._counter = 0

    def rtc_memory(self):
        """The function that reads and writes what survives a reset (lib/legacy.py)."""
        return RTC().memory

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
        tx, rx, number = self.rs485_pins
        direction = None if number is None else Pin(number, Pin.OUT, value=0)
        uart = UART(
            self.rs485_uart,
            baud_bps,
            parity=parity,
            stop=stop_bits,
            tx=tx,
            rx=rx,
            rxbuf=_UART_BUFFER_BYTES,
            timeout=0,
        )
        char_bits = 9 + (parity is not None) + stop_bits
        return ModbusMaster(uart, baud_bps, direction, char_bits, timeout_ms)

    def pulse_inputs(self, config) -> dict:
        """The pulse inputs by channel name, as the configuration wants them counted."""
        inputs = {}
        for channel, number in self.pulse_pins.items():
            reverse = None
            if config[channel + ".reverse"] != "none":
                reverse = _contact_pin(self.reverse_pins[channel])
            pin, loop = _contact_pin(number), self.loop(channel)
            inputs[channel] = pulse_input(config, channel, pin, reverse, self.counter, loop)
        return inputs

    def counter(self, pin: Pin):
        """An input on the next free hardware counter; None where there is none."""
        if self._counter == self.counters:
            return None
        from drivers.pulse import PulseInput

        self._counter += 1
        return PulseInput(self._counter - 1, pin)

    def missing(self, config: dict) -> list:
        """The keys of what is configured and this board has no pins for."""
        keys = [
            channel + ".reverse" for channel in self.pulse_pins if channel not in self.reverse_pins
        ]
        return [key for key in keys if config[key] != "none"]

    def loop(self, channel: str):
        """Supervision of the wire to the contact of `channel`; None where the board has none."""
        return

    def battery_clock(self):
        """The clock with a battery; None where the board has no place for one."""
        return

    def mains(self, lost_mv: int):
        """The mains sense input: high while there is mains (drivers/mains.py); or, where `lost_mv`
        is not 0, below so many millivolts while there is none (drivers/mains_voltage.py).
        """
        if lost_mv:
            from machine import ADC

            from drivers.mains_voltage import MainsVoltage

            return MainsVoltage(ADC(Pin(self.mains_pin), atten=ADC.ATTN_11DB), lost_mv)
        from drivers.mains import Mains

        return Mains(Pin(self.mains_pin, Pin.IN))

    def valve(self, travel_s: int):
        """The motor valve (drivers/valve.py); None where the board has no outputs for one."""
        if not self.valve_pins:
            return None
        from drivers.valve import Valve

        opens, closes = [Pin(number, Pin.OUT, value=0) for number in self.valve_pins]
        return Valve(opens, closes, travel_s)

    def network(self, ssid: str, password: str):
        """The way to the network."""
        return WiFi(ssid, password)

    def broker(self, *session) -> BrokerSession:
        """A session with the broker, not yet open; arguments as BrokerSession's."""
        return BrokerSession(*session)


def _contact_pin(number: int) -> Pin:
    return Pin(number, Pin.IN, Pin.PULL_UP)
