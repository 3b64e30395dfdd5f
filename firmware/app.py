"""Builds the services from board and configuration, runs them, and starts again what fails."""

import asyncio
import binascii
import gc
import sys

from micropython import const

from books import Books
from clock import Clock
from collector import Collector
from drivers.meter import Meter
from health import Health
from journal import Journal, JournalError
from journal.absent import AbsentJournal
from lib import events
from timekeeper import Timekeeper
from uplink import Uplink

VERSION = "0.1.0"
_RESTART_MS = const(5000)
_PACKET_HEAD_BYTES = const(128)  # MQTT's header and the topic, beside a message


async def main(here, on_well) -> None:
    """The application, for ever. here: the Installation."""
    board, config = here.board, here.config
    gc.collect()
    clock = Clock(config["ntp.host"])
    journal = _journal(board)
    recorded = asyncio.Event()
    books = Books(config, journal, clock, recorded)
    health = Health(clock, board.watchdog, on_well)
    wifi = board.wifi(config["wifi.ssid"], config["wifi.password"])
    uplink = _uplink(board, config, books, journal, clock, recorded, wifi, health)
    books.restore()
    collector = _collector(here, clock, books, journal, health)
    gc.collect()
    tasks = (
        ("collector", collector),
        ("timekeeper", Timekeeper(clock, wifi, books)),
        ("uplink", uplink),
        ("health", health),
    )
    books.event(events.POWER_UP, (board.reset_cause, journal.damaged))
    if config.problems:
        books.event(events.CONFIG_REJECTED, (len(config.problems),))
        for problem in config.problems:
            print("configuration:", problem)
    await asyncio.gather(
        *[_supervise(place, name, task, books) for place, (name, task) in enumerate(tasks)]
    )


async def _supervise(place: int, name: str, service, books) -> None:
    """Run a service for ever; one that fails is told of and started again."""
    while True:
        try:
            await service.run()
        except Exception as error:
            print("task %s failed:" % name)
            sys.print_exception(error)
            books.event(events.TASK_FAILED, (place,))
        await asyncio.sleep_ms(_RESTART_MS)


def _journal(board):
    """The journal; what cannot be one is told in the status, and the collector counts on."""
    try:
        journal = Journal(board.journal_partition())
        journal.open()
        return journal
    except (JournalError, OSError) as error:
        print("journal:", error)
        return AbsentJournal("journal: %s" % error)


def _collector(here, clock, books, journal, health) -> Collector:
    config, model = here.config, here.model
    meter = None
    if model:
        baud_bps = config["meter.baud_bps"] or model.baud_bps
        master = here.board.modbus(baud_bps, model.parity, model.stop_bits)
        meter = Meter(master, model, config["meter.address"])
    return Collector(config, clock, books, meter, here.board.pulse_inputs(), journal, health)


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
