"""Asks the name server. The platform's own getaddrinfo() stops the whole interpreter until it
answers, 21 s if it does not: no pulse is counted and no loss of mains is seen meanwhile.

Needed for moments only: it is forgotten with its answer (once.py). Two who ask at once share it.
"""

import asyncio
import socket
import time

import network
from micropython import const

import once
from lib import dns

once.forget("lib.dns")

_PORT = const(53)
_TRIES = const(3)
_LOOKS = const(40)
_LOOK_MS = const(50)
_ANSWER_BYTES = const(384)  # the first of the addresses of a name is far in front


async def address_of(host: str) -> str | None:
    """The address of a name; None when there is none, or no answer. An address is its own, and a
    name in .local is left to the platform.
    """
    try:
        return await _address(host)
    finally:
        once.forget("drivers.resolver")


async def _address(host: str) -> str | None:
    if host.endswith(".local") or host.replace(".", "").isdigit():
        return host
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        server.setblocking(False)
        server.connect((network.WLAN(network.STA_IF).ifconfig()[3], _PORT))
        return await _asked(server, dns.question(host, time.ticks_us() & 0xFFFF))
    except OSError:
        return None
    finally:
        server.close()


async def _asked(server, question: bytes) -> str | None:
    # No stream and no wait_for: they would take twice the heap.
    answer = memoryview(bytearray(_ANSWER_BYTES))
    for _ in range(_TRIES):
        server.write(question)
        for _ in range(_LOOKS):
            await asyncio.sleep_ms(_LOOK_MS)
            size = server.readinto(answer)
            found = dns.address(question, answer[:size]) if size else ""
            if found != "":
                return found
    return None
