"""What is going to happen on the bench: which board and house, for how long, and what goes wrong
when.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from host_sim.models.home import Home
from host_sim.passage import Passages
from host_sim.wiring import WIRINGS

ESP32_HEAP_BYTES = WIRINGS["esp32_devkit"].heap_bytes
SSID = "meters"
WIFI_PASSWORD = "correct horse battery"
HOUR_US = 3_600_000_000
DEFAULT_METER = "sdm630"  # the firmware's, when its configuration names none


# What the time server of that name says at that true time, both in unix microseconds; None:
# nothing.
TimeServers = Callable[[str, int], int | None]


def true_time(host: str, unix_us: int) -> int:
    """Every time server is right."""
    return unix_us


class Fault(NamedTuple):
    """Something of the outside that changes at `at_us`, for `lasting_us`: "access_point",
    "broker", "amnesia" (a broker that comes back without what it had), "names" (no name server
    answers), "head_end", "bus_cut" (no meter answers), "power" (the collector's supply, at once),
    "mains" (it lives on for the hold-up time), "wire_cut" or "wire_short" (to the water meter,
    where the board supervises it). At once: "panic", "brownout" (which the chip calls a power-on,
    though its RTC memory is kept: ESP-IDF restarts it by software) and "hang" (until the watchdog
    bites).
    """

    at_us: int
    what: str
    lasting_us: int


@dataclass(frozen=True)
class Scenario:
    """One run; the same one on the same firmware leaves the same trace, on any interpreter.

    meter: which of `METERS` hangs on the line; unless `settings` say otherwise, the collector is
        configured for it.
    bounce_us: how long the pulse contacts bounce. hold_up_us: how long the collector's capacitor
    lasts when mains is lost. mains_fall_us: how long the voltage before it takes to fall.
    code_in_flash: on MicroPython, run the code where it lies, as a frozen build does; then the
        heap need not grow over its first size, which is half of what there is.
    passages: what becomes of each connection to the broker; None: a round trip of
    `round_trip_us`, and nothing goes wrong. repeats: every so many messages the broker brings one
    to the head-end again, out of order, as QoS 1 allows; 0: never.
    tariff: what the head-end answers a collector that keeps registers by period
    (tools/headend/almanac.py).
    time_servers: what they answer. The world's microseconds are those of the collector's crystal:
    one that is slow is a world whose time servers run fast.
    is_blank: nothing is stored in the collector, as it comes from the factory.
    site: a folder with what is in site/ on the board at first: profiles, certificates. None:
    there is no such folder, and none can be made.
    rc_ppm: how far the oscillator of the chip's RTC is off; 41 s in an hour were measured
    (espressif/esp-idf#9448).
    """

    home: Home
    seed: int
    hours: int
    board: str = "esp32_devkit"
    meter: str = DEFAULT_METER
    settings: dict[str, Any] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    round_trip_us: int = 40_000
    passages: Passages | None = None
    repeats: int = 0
    write_once: bool = True
    partitions: dict[str, int] = field(default_factory=dict)
    bounce_us: int = 8
    hold_up_us: int = 300_000
    mains_fall_us: int = 20_000
    grace_us: int = 300_000_000
    time_servers: TimeServers = true_time
    code_in_flash: bool = False
    site: Path | None = None
    is_blank: bool = False
    rc_ppm: int = 11_000
    tariff: Callable[[int], tuple[int, bytes] | None] | None = None

    @property
    def heap_bytes(self) -> int:
        """What the firmware may use on this board, its code included unless that is in flash."""
        return WIRINGS[self.board].heap_bytes // (2 if self.code_in_flash else 1)

    @property
    def end_us(self) -> int:
        """Some time after the last boundary, so that the last interval can be delivered."""
        return self.hours * HOUR_US + self.grace_us

    def config_text(self, broker_host: str, broker_port: int) -> bytes:
        """The configuration a technician would have stored on this collector."""
        profile = {} if self.meter == DEFAULT_METER else {"meter.profile": self.meter}
        values = {
            "wifi.ssid": SSID,
            "wifi.password": WIFI_PASSWORD,
            "mqtt.host": broker_host,
            "mqtt.port": broker_port,
            **profile,
            **self.settings,
        }
        return json.dumps(values).encode()
