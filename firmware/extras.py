"""What comes when the start is over, and its code is let go of: the console; and what wants room
in the heap beside all else: TLS for the uplink, registers by period, and rules for leaks. A
collector that meters comes first. Needed once: see once.py.
"""

import gc

from micropython import const

import once
from lib import events

# Measured, 32-bit, of a stock image: TLS takes 2.9 KB of MicroPython's heap, and 1 KB more for a
# moment before each handshake. On the chip gc.mem_free() counts too what the heap may grow by.
_TLS_BYTES = const(8000)
# What stays of the rules for leaks takes 1.4 KB, and to judge a quarter-hour 2 KB of garbage
# beside the code; a connection of the uplink's, what it tells Home Assistant, and who types at the
# console come later. With 11.2 KB free here while that code is loaded, beside TLS, a quarter-hour
# was judged at the second try, and the console had no room for half of its words.
_LEAKS_BYTES = const(14500)
_LEAKS_LOADED_BYTES = const(11500)
_BESIDE_TLS_BYTES = const(2000)
_BESIDE_PERIODS_BYTES = const(6000)  # an almanac comes, and is checked


def run(tasks: list, visited: tuple, secret: tuple, by_period: tuple, leaks: tuple) -> None:
    """Add the console of what is `visited` to the tasks, and let the others in where there is
    room; the uplink's first, without which nothing arrives. Each: what the function below,
    rates/admission.py, or leak_watches.py wants; () where it is not configured.
    """
    tasks.append((7, "console", _console(*visited)))
    if secret:
        _admit_tls(*secret)
    if by_period:
        from rates import admission

        once.forget("rates.admission")
        admission.run(*by_period)
    if leaks:
        beside_bytes = _BESIDE_TLS_BYTES if secret else 0
        _look_for_leaks(leaks, beside_bytes + (_BESIDE_PERIODS_BYTES if by_period else 0))


def _console(*about):
    import trim
    from console import Console
    from drivers import keys

    once.forget("drivers.keys")
    once.forget("trim")
    console = Console(keys.reader(), *about)
    trim.made(console)
    trim.wipe(16)
    return console


def _look_for_leaks(leaks: tuple, beside_bytes: int) -> None:
    """beside_bytes: what others want, who come later."""
    gc.collect()
    has_room = gc.mem_free() >= _LEAKS_BYTES + beside_bytes
    if has_room and any(leaks[0]):
        has_room = _free_while_judging() >= _LEAKS_LOADED_BYTES + beside_bytes
    if has_room:
        try:
            import leak_watches

            once.forget("leak_watches")
            leak_watches.run(*leaks)
            return
        except MemoryError:
            once.sweep()
    if not any(leaks[0]):
        return
    print("leaks: no room in the heap")
    leaks[2].event(events.CONFIG_REJECTED, (1,))


def _free_while_judging() -> int:
    """Bytes that are left with the code that judges a quarter-hour: some KB, unless it lies in
    flash.
    """
    free_bytes = 0
    try:
        from leaks import closing

        gc.collect()
        free_bytes = gc.mem_free()
        del closing
    except MemoryError:
        pass
    for name in ("lib.leak", "leaks.closing", "leaks"):
        once.forget(name)
    gc.collect()
    return free_bytes


def _admit_tls(session, clock, books, pulses) -> None:
    """Let `session` open in TLS. If that cannot be, it opens to nobody, and it is told why."""
    gc.collect()
    session.ssl = "mqtt.tls: no room in the heap"
    if gc.mem_free() >= _TLS_BYTES:
        try:
            session.ssl = _certificates(clock, pulses)
        except MemoryError:
            once.sweep()
    if isinstance(session.ssl, str):
        print("configuration:", session.ssl)
        books.event(events.CONFIG_REJECTED, (1,))


def _certificates(clock, pulses):
    """What a session has in `ssl`: TLS, or why there can be none."""
    from drivers import certificate_files

    once.forget("drivers.certificate_files")
    try:
        context = certificate_files.context()
    except certificate_files.CertificateError as error:
        return "mqtt.tls: %s" % error
    from drivers.certificates import Certificates

    return Certificates(clock, pulses, context)
