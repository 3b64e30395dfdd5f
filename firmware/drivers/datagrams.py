"""Asks the servers of the network: the name server for an address, a time server for the time.

The platform's own getaddrinfo() stops the whole interpreter until it is answered, 21 s if it is
not, and its ntptime for a second: no pulse is counted and no loss of mains is seen meanwhile.
Needed for moments only: it is forgotten with its answer (once.py). Two who ask at once share it.
"""

import asyncio
import socket
import time

from micropython import const

import once

_NAMES_PORT = const(53)
_NEIGHBOURS = const("224.0.0.251")  # all who know names in .local (RFC 6762 section 3)
_NEIGHBOURS_PORT = const(5353)
_TIME_PORT = const(123)
_NAMES_TRIES = const(6)  # a time server that does not answer has neighbours: see timekeeper.py
_WAIT_MS = const(1000)
_LOOK_MS = const(20)  # a quick answer tells the time best


async def address_of(host: str, way) -> str | None:
    """The address of a name; None when there is none, or no answer. An address is its own.

    way: to the network, a drivers.wifi.WiFi; its room is for the answer, good for a moment at a
    time: all who ask may share it.
    """
    try:
        return await _address(host, way)
    finally:
        once.forget("drivers.datagrams")


async def time_of(host: str, way) -> tuple | None:
    """(UTC in milliseconds, how long ago it was that at the most) of a time server; None when it
    does not answer, or has no time to give.
    """
    try:
        address = await _address(host, way)
        if not address:
            return None
        from lib import sntp

        once.forget("lib.sntp")
        question = sntp.question(time.ticks_us())
        return await _answer((address, _TIME_PORT), question, sntp.unix_ms, 1, way.room)
    finally:
        once.forget("drivers.datagrams")


async def _address(host: str, way) -> str | None:
    if host.replace(".", "").isdigit():
        return host
    from lib import dns

    once.forget("lib.dns")
    server = way.name_server(), _NAMES_PORT
    if host.endswith(".local"):
        server = _NEIGHBOURS, _NEIGHBOURS_PORT
    question = dns.question(host, time.ticks_us() & 0xFFFF)
    found = await _answer(server, question, dns.address, _NAMES_TRIES, way.room)
    return found[0] if found else None


async def _answer(server: tuple, question: bytes, understood, tries: int, room) -> tuple | None:
    """(what the answer tells, milliseconds since the question) of the server at (address, port).
    understood(question, datagram): "" when that is not its answer, None when it tells nothing.
    """
    # No stream and no wait_for: they would take twice the heap. Not connected: the answer to a
    # question to all comes from one of them, and each is known by its number.
    asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        asking.setblocking(False)
        for _ in range(tries):
            asked_ms = time.ticks_ms()
            asking.sendto(question, server)
            waited_ms = 0
            while waited_ms < _WAIT_MS:
                await asyncio.sleep_ms(_LOOK_MS + waited_ms // 4)
                size = asking.readinto(room)
                waited_ms = time.ticks_diff(time.ticks_ms(), asked_ms)
                told = understood(question, room[:size]) if size else ""
                if told != "":
                    return told and (told, waited_ms)
    except OSError:
        pass
    finally:
        asking.close()
    return None
