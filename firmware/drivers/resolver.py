"""Asks the name server. The platform's own getaddrinfo() stops the whole interpreter until it
answers, 21 s if it does not: no pulse is counted and no loss of mains is seen meanwhile.

Needed for moments only: see once.py.
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
_TRY_MS = const(2000)
_ANSWER_BYTES = const(512)


async def address_of(host: str) -> str | None:
    """The address of a name; None when there is none, or no answer. An address is its own, and a
    name in .local is left to the platform.
    """
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
    answers = asyncio.StreamReader(server)
    for _ in range(_TRIES):
        server.write(question)
        try:
            answer = await asyncio.wait_for_ms(answers.read(_ANSWER_BYTES), _TRY_MS)
        except asyncio.TimeoutError:
            continue
        found = dns.address(question, answer)
        if found != "":
            return found
    return None
