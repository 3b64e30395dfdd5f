"""Goes on where the life before left it: the clock, the journal, the books, and the registers by
period.

Before the services' code is loaded: reading all that back takes more of the heap than keeping it,
and what is let go of again has room in it for that code. Needed at start only: see once.py.
"""

import asyncio
import gc

from micropython import const

import once
import safemode
from books import Books
from clock import Clock
from journal import Journal, JournalError
from lib import payload

_KEPT = const(4)  # timekeeper.py
# What a battery lets be recorded before it is empty: hours and quarter-hours of a week at the most
_OUTAGE_RECORDS = const(200)
# Free at this point, measured: 34 KB on a stock ESP32 and 50 KB on a stock C3, which have room for
# all. With 26 KB, a C3 with its code in flash, chance decides: another order in the heap, and
# there is no piece left for the rest of the start. With 18 KB there never is.
_RATES_FREE_BYTES = const(30000)
# What is still to be loaded beside them, where it is configured: guard.py, and approval.py.
_GUARD_BYTES = const(4000)
_APPROVAL_BYTES = const(2000)
_MODULES = const(80)  # more than there are at any time: 70, and a few for a moment
# The longest message that is taken: ack and time; with a tariff (lib/almanac_text.py)
_INBOUND_BYTES = const(320)
_INBOUND_TARIFF_BYTES = const(1536)


def resume(here) -> tuple:
    """(clock, journal, books, recorded, rates, power_up, outage, out, inbound) of the
    installation.Installation `here`.

    recorded: an asyncio.Event, set by every record. rates: what rates/restore.py found, () unless
    configured. power_up: what the event of the boot tells of the life before. outage: one whose
    end was not seen yet, for guard.py. out: the uplink's messages (lib/payload.py). inbound: a
    buffer for the broker's.
    """
    board, config = here.board, here.config
    # each in one piece, while the heap has large ones
    _reserve_modules()
    out = payload.writer(config["mqtt.message_bytes"])
    is_by_period = config["tariff.registers"]
    inbound = bytearray(_INBOUND_TARIFF_BYTES if is_by_period else _INBOUND_BYTES)
    memory = board.rtc_memory()
    clock = Clock(config["ntp.host"], memory)
    journal = _journal(board)
    power_up = (board.reset_cause, journal.damaged)
    power_up += _legacy(clock, memory, board.reset_cause, journal.boot)
    outage = _outage(journal) if config["mains.sense"] else None
    recorded = asyncio.Event()
    books = Books(config, journal, clock, recorded)
    books.restore()
    rates = _rates(config, journal) if is_by_period else ()
    if not rates:
        inbound = inbound[:_INBOUND_BYTES]
    return clock, journal, books, recorded, rates, power_up, outage, out, inbound


def _reserve_modules() -> None:
    import trim

    once.forget("trim")
    trim.reserve(_MODULES)


def _journal(board):
    """The journal; what cannot be one is told in the status, and the collector counts on."""
    try:
        journal = Journal(board.journal_partition())
        journal.open()
        return journal
    except (JournalError, OSError) as error:
        from journal.absent import AbsentJournal

        print("journal:", error)
        return AbsentJournal("journal: %s" % error)


def _outage(journal) -> tuple | None:
    from lib import outage

    once.forget("lib.outage")
    return outage.pending(journal.sector_of(journal.newest - _OUTAGE_RECORDS))


def _legacy(clock, memory, cause: int, boot: int) -> tuple:
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


def _rates(config, journal) -> tuple:
    """What rates/restore.py finds. () where reading it could end the boot: a collector that meters
    without comes first.
    """
    gc.collect()
    wanted = _RATES_FREE_BYTES + (_GUARD_BYTES if config["mains.sense"] else 0)
    wanted += _APPROVAL_BYTES if config["site.export_w"] else 0
    if gc.mem_free() < wanted or safemode.is_near():
        return ()
    try:
        from rates import restore

        once.forget("rates.restore")
        return restore.run(config, journal)
    except MemoryError:
        return ()
