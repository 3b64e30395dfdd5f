"""Puts one scenario together: the world, the collector with its wiring, the network, and the
head-end behind it.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from host_sim.broker_stream import BrokerStream
from host_sim.clocks import DiscreteClock, ScaledClock
from host_sim.collector import Collector, Parts
from host_sim.happenings import Happenings
from host_sim.head_end import HeadEnd
from host_sim.inputs import wired
from host_sim.models.access_point import AccessPoint
from host_sim.models.broker import Broker
from host_sim.models.ds3231 import ADDRESS as DS3231_ADDRESS
from host_sim.models.ds3231 import DS3231
from host_sim.models.meters import METERS
from host_sim.models.modbus_slave import ModbusSlave
from host_sim.models.pulses import PulseInput
from host_sim.models.terminal import Terminal
from host_sim.network import RealStream, Stream
from host_sim.passage import Passage
from host_sim.peripherals.adc import Adc
from host_sim.peripherals.bus import Bus
from host_sim.peripherals.chip import Chip
from host_sim.peripherals.counter import Counters
from host_sim.peripherals.flash import Flash, data_partitions
from host_sim.peripherals.i2c import I2C
from host_sim.peripherals.lan import Lan
from host_sim.peripherals.pins import Pins
from host_sim.peripherals.serial_port import SerialPort
from host_sim.peripherals.sockets import Sockets
from host_sim.peripherals.uart import UART, Line, UARTs
from host_sim.peripherals.wlan import Wlan
from host_sim.process import ROOT
from host_sim.scenario import SSID, WIFI_PASSWORD, Scenario
from host_sim.shims import ops
from host_sim.trace import Trace
from host_sim.wire_tap import CipherTap, WireTap
from host_sim.wiring import WIRINGS
from host_sim.world import Event, World
from tools.headend.ledger import Ledger
from tools.identity import identity_image

BROKER_NAME = "broker"
BROKER_PORT = 1883
METER_ADDRESS = 1
HEAP_UNKNOWN = 1 << 29  # firmware/health.py before its first look


class Endpoint(NamedTuple):
    """A real broker."""

    host: str
    port: int


class Simulation:
    """One collector at one home. With a scaled clock and an endpoint it talks to a real broker."""

    def __init__(
        self,
        scenario: Scenario,
        vm: str,
        clock: DiscreteClock | ScaledClock | None = None,
        endpoint: Endpoint | None = None,
        line: Line | None = None,
        scripts: Sequence[Path] = (),
        console: Callable[[World, ScaledClock], Line] | None = None,
    ) -> None:
        """line: at the RS-485 port, in place of the meter; console: makes what hangs at the serial
        port, in place of `terminal`; it is `console` then.
        """
        self.scenario = scenario
        self.trace = Trace()
        self.world = World(clock or DiscreteClock(), scenario.seed, scenario.home.start_s)
        self.access_point = AccessPoint(self.world, SSID, WIFI_PASSWORD)
        self.meter = METERS[scenario.meter].make(scenario.home, scenario.seed)
        wiring = WIRINGS[scenario.board]
        self.contacts = {
            channel: PulseInput(
                scenario.home,
                channel,
                scenario.seed,
                bounce_us=scenario.bounce_us,
                closed_level=0,
            )
            for channel in wiring.pulse_pins
        }
        self.chip = Chip(self.world, wiring.unique_id, scenario.rc_ppm)
        self.terminal = Terminal(self.world)
        self.console: Any = self.terminal
        if console and isinstance(clock, ScaledClock):
            self.console = console(self.world, clock)
        self.serial_port = SerialPort(self.chip, self.console)
        self.battery_clock = DS3231(lambda: self.world.unix_us)
        self._endpoint = endpoint
        self.connections = 0
        self._tending: Event | None = None
        self.ledger = None if endpoint else Ledger(":memory:", scenario.tariff)
        self.broker = Broker(self._published, now_us=lambda: self.world.now_us)
        self.head_end = self.ledger and HeadEnd(
            self.world, self.broker, self.ledger, scenario.repeats
        )
        self.flash = self._flash()
        self.collector = self._collector(vm, line, scripts)
        self.happenings = Happenings(self)
        for fault in scenario.faults:
            if not fault.what.startswith("wire"):  # those are the wire's own (inputs.py)
                self.happenings.plan(fault)

    def run(self) -> None:
        """Live through the scenario."""
        if self.head_end is not None:
            self.head_end.attach()
        self.collector.run_until(self.scenario.end_us)

    def heap_low_bytes(self) -> int | None:
        """The least heap the firmware said it had free (live data only); None where nothing was
        measured.
        """
        told = [
            json.loads(entry.data).get("heap_low", 0) for entry in self.trace.published("status")
        ]
        measured = [low for low in told if 0 < low < HEAP_UNKNOWN]
        return min(measured, default=None)

    def _flash(self) -> Flash:
        sizes = data_partitions(ROOT / "boards" / self.scenario.board / "partitions.csv")
        sizes |= self.scenario.partitions
        flash = Flash(self.world, self.trace, sizes, self.scenario.seed, self.scenario.write_once)
        if not self.scenario.is_blank:
            host, port = self._endpoint or (BROKER_NAME, BROKER_PORT)
            flash.chip("identity").store(identity_image(self.scenario.config_text(host, port)))
        return flash

    def _collector(self, vm: str, line: Line | None, scripts: Sequence[Path]) -> Collector:
        scenario = self.scenario
        wiring = WIRINGS[scenario.board]
        contacts = {pin: self.contacts[channel] for channel, pin in wiring.pulse_pins.items()}
        counters = Counters(self.world, contacts, wiring.counter_units)
        inputs = wired(scenario, wiring, self.contacts)
        self.pins = Pins(self.world, self.chip, inputs.sources)
        self.chip.is_masked = lambda: self.flash.is_busy
        model = METERS[scenario.meter]
        slave = ModbusSlave(
            METER_ADDRESS, self.meter, model.max_count, scenario.seed, model.settings
        )
        direction_pin = wiring.rs485_direction_pin
        direction = None if direction_pin is None else (lambda: self.chip.outputs(direction_pin))
        self.bus = Bus(self.world, [slave], direction)
        rs485 = UART(self.chip, line or self.bus)
        uarts = UARTs(self.chip, {ops.SERIAL_PORT: self.serial_port, wiring.rs485_uart: rs485})
        network = wlan = Wlan(self.access_point, wiring.unique_id)
        lan = Lan(self.access_point)
        if wiring.is_wired:
            network = lan
        self.sockets = Sockets(
            self.world, self.chip, network, self._connect, scenario.time_servers
        )
        i2c = I2C(self.world, wiring.i2c_pins, {DS3231_ADDRESS: self.battery_clock})
        operations = (
            counters.operations()
            | i2c.operations()
            | Adc(self.world, inputs.voltages).operations()
            | uarts.operations()
            | self.serial_port.operations()
            | wlan.operations()
            | (lan.operations() if wiring.is_wired else {})
            | self.sockets.operations()
            | self.flash.operations()
        )
        parts = Parts(
            operations,
            [
                counters.reset,
                i2c.reset,
                self.pins.reset,
                self.serial_port.reset,
                wlan.station.reset,
                lan.station.reset,
                self.sockets.reset,
            ],
            [self.flash.power, self.sockets.power],
        )
        return Collector(
            self.world,
            self.chip,
            parts,
            vm,
            scenario.board,
            scenario.heap_bytes,
            scripts,
            scenario.code_in_flash,
            scenario.site,
        )

    def _connect(self, host: str, port: int, wake: Callable[[], None]) -> Stream | None:
        clock = self.world.clock
        if isinstance(clock, ScaledClock) and self._endpoint:
            is_secret = self.scenario.settings.get("mqtt.tls")
            tap = (CipherTap if is_secret else WireTap)(self.world, self.trace)
            clock.hold = tap.awaits_answer
            return RealStream(clock, host, port, tap, wake)
        if (host, port) != (BROKER_NAME, BROKER_PORT) or not self.happenings.broker_up:
            return None
        passage = Passage(self.scenario.round_trip_us)
        if self.scenario.passages:
            passage = self.scenario.passages(self.connections, self.world.now_us)
        self.connections += 1
        stream = BrokerStream(
            self.world, self.access_point, self.broker, passage, wake, self.happenings.begin
        )
        self._tend_broker()
        return stream

    def _tend_broker(self) -> None:
        """Let the broker end connections that have been silent for too long, when the first of
        them has.
        """
        self.broker.tick()
        deadline_us = self.broker.deadline_us
        if deadline_us is not None and self._tending is None:
            self._tending = self.world.at(deadline_us, self._tend_again)

    def _tend_again(self) -> None:
        self._tending = None
        self._tend_broker()

    def _published(
        self, client_id: str, topic: str, payload: bytes, qos: int, retain: bool, dup: bool
    ) -> None:
        self.trace.add(self.world.now_us, f"publish {client_id} {topic}", payload)
