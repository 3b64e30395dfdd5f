"""Builds the services from board and configuration: the one list of tasks.

Needed at start only: see once.py.
"""

import asyncio
import binascii

from micropython import const

import once
from books import Books
from clock import Clock
from collector import Collector
from drivers.meter import Meter
from health import Health
from journal import Journal, JournalError
from journal.absent import AbsentJournal
from lib import decode, events
from pulses import Pulses
from readings import Readings
from timekeeper import Timekeeper
from uplink import Uplink

VERSION = "0.1.0"
_KEPT = const(4)  # timekeeper.py
_PACKET_HEAD_BYTES = const(128)  # MQTT's header and the topic, beside a message


def assembled(here, on_well) -> tuple:
    """(books, list of (name, service)) of what stands `here`; the services are not running yet."""
    board, config = here.board, here.config
    memory = board.rtc_memory()
    clock = Clock(config["ntp.host"], memory)
    journal = _journal(board)
    told = _resumed(clock, memory, board.reset_cause, journal.boot)
    recorded = asyncio.Event()
    books = Books(config, journal, clock, recorded)
    books.restore()
    rates = None
    if config["tariff.registers"]:
        from rates import Rates

        rates = Rates(config, books, journal)
        books.keep(rates)
    health = Health(clock, board.watchdog, on_well)
    pulses = Pulses(config, clock, books, board.pulse_inputs(config), health)
    once.forget("inputs")
    health.sources.append(pulses)
    # As soon as all registers are open: the first record of a boot needs heap, and there is more
    # of it now than when the uplink has its buffers.
    books.event(events.POWER_UP, (board.reset_cause, journal.damaged) + told)
    if clock.known.is_set():
        books.time_known()
        books.event(events.CLOCK_SET, (0, _KEPT, clock.uptime_s()))
    wifi = board.wifi(config["wifi.ssid"], config["wifi.password"])
    timekeeper = Timekeeper(clock, wifi, books, config["clock.battery"] and board.battery_clock)
    uplink = _uplink(board, config, books, journal, clock, recorded, wifi, health)
    uplink.on_time = timekeeper.told
    if rates:
        health.sources.append(rates)
        uplink.on_tariff = rates.offer
        uplink.topics.append("tariff")
    collector = _collector(here, clock, books, pulses, journal, health)
    tasks = [
        ("collector", collector),
        ("timekeeper", timekeeper),
        ("uplink", uplink),
        ("health", health),
        ("pulses", pulses),
    ]
    if config["mains.sense"]:
        from guard import Guard

        tasks.append(("guard", Guard(clock, books, pulses, journal, board.mains())))
    if config.problems:
        books.event(events.CONFIG_REJECTED, (len(config.problems),))
        for problem in config.problems:
            print("configuration:", problem)
    return books, tasks


def _journal(board):
    """The journal; what cannot be one is told in the status, and the collector counts on."""
    try:
        journal = Journal(board.journal_partition())
        journal.open()
        return journal
    except (JournalError, OSError) as error:
        print("journal:", error)
        return AbsentJournal("journal: %s" % error)


def _resumed(clock, memory, cause: int, boot: int) -> tuple:
    """Let the clock go on where the life before left it: what the event of the boot says of it."""
    from lib import legacy

    once.forget("lib.legacy")
    before = memory()
    clock.boot = boot
    clock.stamp()
    left = legacy.read(before, cause, memory())
    if not left:
        return (0,)
    asked, boot_before, uptime_s, unix_ms, doubt_ms, rate_ppm = left
    if unix_ms:
        clock.timebase.rate_ppm = rate_ppm
        clock.take(-_KEPT, unix_ms, doubt_ms, 0, 1)
        clock.stamp()
    return 1, asked, uptime_s, boot_before


def _collector(here, clock, books, pulses, journal, health) -> Collector:
    config, model = here.config, here.model
    meter = readings = None
    if model:
        baud_bps = config["meter.baud_bps"] or model.baud_bps
        timeout_ms = config["meter.timeout_ms"]
        master = here.board.modbus(baud_bps, model.parity, model.stop_bits, timeout_ms)
        meter = Meter(master, model, config["meter.address"])
        readings = _approved(Readings(config, clock, books, model), config, books, model, health)
        health.sources.append(meter)
    return Collector(config, clock, books, meter, readings, pulses, journal, health)


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


def _uplink(board, config, books, journal, clock, recorded, wifi, health) -> Uplink:
    collector_id = config["collector.id"] or "pk-" + binascii.hexlify(board.unique_id).decode()
    session = board.broker(
        collector_id,
        config["mqtt.host"],
        config["mqtt.port"],
        config["mqtt.user"],
        config["mqtt.password"],
        config["mqtt.keepalive_s"],
        config["mqtt.message_bytes"] + _PACKET_HEAD_BYTES,
    )
    about = (VERSION, board.name)
    return Uplink(
        config, books, journal, clock, recorded, wifi, session, health, collector_id, about
    )
