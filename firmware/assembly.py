"""Builds the services from board and configuration: the one list of tasks.

Needed at start only: see once.py.
"""

import binascii
import gc

from micropython import const

import once
import trim
from books import CHANNELS
from collector import Collector
from commands import Commands
from commands.site import Site
from drivers.meter import Meter
from health import Health
from lib import decode, events
from pulses import Pulses
from readings import Readings
from timekeeper import Timekeeper
from uplink import Uplink

once.forget("trim")
once.forget("commands.site")

VERSION = "0.1.0"
_KEPT = const(4)  # timekeeper.py
_NO_ROOM = const(8)  # rates/offer.py
# Measured here: 10.8 KB on a stock ESP32. With 4 KB, half its heap and the code in flash, even to
# ask whether there is room is too much (extras.py).
_LEAKS_BYTES = const(7000)


def assembled(here, resumed: tuple, on_well) -> tuple:
    """(books, list of (number, name, service), further) of what stands `here` and goes on from
    what resumption.py found; the services are not running yet. number: by which the event
    task_failed tells of it. further: for extras.py.
    """
    config = here.config
    clock, journal, books, recorded, rates, power_up, outage, out, inbound = resumed
    health = Health(clock, here.board.watchdog, on_well)
    pulses = Pulses(config, clock, books, here.board.pulse_inputs(config), health)
    once.forget("inputs")
    health.sources.append(pulses)
    master, wifi, battery_clock, mains, session, about = _hardware(here, inbound)
    valve = here.board.valve(config["valve.travel_s"]) if config["valve.wired"] else None
    controls = mains, here.board.watchdog, here.identity, on_well
    here.board = None  # 4 KB of code, with what is known of its pins
    # As soon as all registers are open: the first record of a boot needs heap, and there is more
    # of it now than when the uplink has its buffers.
    books.event(events.POWER_UP, power_up)
    for told in here.changed:
        books.event(events.CONFIG_SET, told)
    if clock.known.is_set():
        books.time_known()
        books.event(events.CLOCK_SET, (0, _KEPT, clock.uptime_s()))
    timekeeper = Timekeeper(clock, wifi, books, battery_clock)
    uplink = Uplink(config, books, journal, clock, recorded, wifi, session, health, about, out)
    uplink.on_time = timekeeper.told
    books.on_alarm = uplink.feed.ahead
    now = events.ALARMS + events.AFTER_HOLD
    if config["events.classes"]:
        now = _options().classes(config["events.classes"], books, uplink.feed)
    health.on_check = uplink.wake
    meter, readings = _meter(config, clock, books, here.model, master, health)
    collector = Collector(config, clock, books, meter, readings, pulses, journal, health)
    site = Site(clock, journal, books, collector, pulses, timekeeper, uplink, wifi, *controls)
    commands = Commands("ami/%s/reply" % about[0], site)
    uplink.on_command = commands.take
    uplink.speakers.append(commands.say)
    if config["mqtt.live_s"] or config["homeassistant"]:
        _options().show(config, clock, books, collector, meter, readings, pulses, uplink, about)
    tasks = [
        (0, "collector", collector),
        (1, "timekeeper", timekeeper),
        (2, "uplink", uplink),
        (3, "health", health),
        (4, "pulses", pulses),
    ]
    if mains:
        from guard import Guard

        hold_s = config["mains.hold_s"]
        line = master.state(config["meter.address"]) if master else None
        guard = Guard(clock, books, pulses, journal, mains, line, hold_s, outage, uplink)
        guard.at_once = tuple([kind for kind in events.AFTER_HOLD if kind in now])
        tasks.append((5, "guard", guard))
    if config["valve.wired"]:
        tasks += _options().shutoff(config, valve, books, pulses, journal)
        if not pulses.valve:
            here.problems.append("valve.wired: this board has no outputs for a valve")
    site.problems = len(here.problems)
    if here.problems:
        books.event(events.CONFIG_REJECTED, (len(here.problems),))
        for problem in here.problems:
            print("configuration:", problem)
    services = clock, books, health, pulses, timekeeper, uplink, uplink.feed, collector
    trim.made(*services, commands, site, master, wifi, session, meter)
    secret = (session, clock, books, pulses) if config["mqtt.tls"] else ()
    by_period = _by_period(config, rates, books, journal, health, uplink)
    leaks = _leaks(config, clock, books, journal, pulses, health)
    visited = site, about, config["console.secret"]
    return books, tasks, (visited, secret, by_period, leaks)


def _by_period(config, rates, books, *further) -> tuple:
    """What rates/admission.py wants."""
    if config["tariff.registers"] and not rates:
        print("tariff.registers: no room in the heap")
        books.event(events.TARIFF_REFUSED, (0, _NO_ROOM))
    return (rates, books) + further if rates else ()


def _leaks(config, clock, books, journal, pulses, health) -> tuple:
    """What leak_watches.py wants; () where surely none have room. Where there are no rules it ends
    alarms that they may have left.
    """
    rules = [config[CHANNELS[count.place][0] + ".leak"] for count in pulses.counts]
    gc.collect()
    if gc.mem_free() >= _LEAKS_BYTES:
        return rules, clock, books, journal, pulses, health
    if not any(rules):
        return ()
    print("leaks: no room in the heap")
    books.event(events.CONFIG_REJECTED, (1,))
    return ()


def _hardware(here, inbound: bytearray) -> tuple:
    """(Modbus master, Wi-Fi, battery clock, mains, session with the broker, about); None, or
    false, for what is not here. about: names of collector, firmware version and board.
    """
    board, config, model = here.board, here.config, here.model
    master = None
    if model:
        baud_bps = config["meter.baud_bps"] or model.baud_bps
        timeout_ms = config["meter.timeout_ms"]
        master = board.modbus(baud_bps, model.parity, model.stop_bits, timeout_ms)
    collector_id = config["collector.id"] or "pk-" + binascii.hexlify(board.unique_id).decode()
    session = board.broker(
        collector_id,
        config["mqtt.host"],
        config["mqtt.port"],
        config["mqtt.user"],
        config["mqtt.password"],
        config["mqtt.keepalive_s"],
        inbound,
        "mqtt.tls: not yet" if config["mqtt.tls"] else None,
    )
    return (
        master,
        board.network(config["wifi.ssid"], config["wifi.password"]),
        config["clock.battery"] and board.battery_clock,
        board.mains(config["mains.lost_mv"]) if config["mains.sense"] else None,
        session,
        (collector_id, VERSION, board.name),
    )


def _meter(config, clock, books, model, master, health) -> tuple:
    """(meter, readings); None where there is no meter."""
    if not model:
        return None, None
    meter = Meter(master, model, config["meter.address"])
    readings = _approved(Readings(config, clock, books, model), config, books, model, health)
    health.sources.append(meter)
    if config["site.voltage_v"]:
        from voltages import Voltages

        readings = Voltages(readings, config["site.voltage_v"], clock, books, model)
    return meter, readings


def _approved(readings, config, books, model, health):
    """The readings, held against what the site may export where that is configured."""
    place = model.index("electricity_received")
    if place is None or not (config["site.program"] == "none" or config["site.export_w"]):
        return readings
    from approval import Approval

    _, _, kind, _, num, den, _, _ = model.fields[place]
    is_float = kind in (decode.TYPES["float32"], decode.TYPES["float64"])
    approval = Approval(readings, config, books, 1 if is_float else max(1, -(-num // den)))
    health.sources.append(approval)
    return approval


def _options():
    import options

    once.forget("options")
    return options
