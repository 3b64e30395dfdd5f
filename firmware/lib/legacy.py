"""What one life of the firmware leaves to the next in the chip's RTC memory, and how much of the
time between them can be told.

The RTC memory survives every reset, but no loss of power, and checks nothing itself (RTC_NOINIT in
MicroPython's ports/esp32/machine_rtc.c). Its first five bytes are safemode.py's; then come FORMAT
and its CRC-32, which clock.py writes; then maybe what lib/parked.py has there.

Needed at start only: see once.py.

The chip's own clock (time.time()) runs on over a reset: the RTC timer keeps it, which only a
power-on resets (ESP-IDF, "System Time"). But in the life that ends the crystal has counted. The
RTC timer counts an RC oscillator of 150 kHz, whose cycles it takes to be as long as at boot. After
a panic or a watchdog's reset, where no shutdown handler joins the two (system_time.c), the clock
leaps by that error over the whole life: by 41 s in an hour as Espressif measured it
(espressif/esp-idf#9448), by hours in days (#13066). So it only narrows what is known anyway: the
record is stamped whenever the watchdog is fed, at least every 20 s, and who stops feeding it is
reset 180 s later.
"""

import struct
from binascii import crc32

from micropython import const

# asked, boot, uptime in s, the chip's clock in s, UTC in ms (0: not known), its doubt in ms, the
# crystal's rate in ppm; all of the moment when it was stamped
FORMAT = "<BIIIQIb"

_SAFEMODE_BYTES = const(5)
_BYTES = struct.calcsize(FORMAT)
# why a life ended that the firmware ended itself
_STARVED = const(1)  # a task was silent: the watchdog was not fed
REBOOT = const(2)
_WDT_RESET = const(3)  # machine.reset_cause()
_SOFT_RESET = const(5)
_BITES_S = const(180)  # drivers/watchdog.py
_STAMPED_S = const(20)  # health.py
_BOOT_S = const(5)  # from the reset until the clock is asked, no less than 0
_RC_SHARE = const(20)  # 5 %: the RC oscillator at another temperature than at boot
_CLOCK_S = const(2)  # two readings of whole seconds


def read(memory: bytes, cause: int, now: bytes) -> tuple | None:
    """(asked, boot, uptime in s, UTC in ms or 0, its doubt in ms, rate in ppm) of the life before,
    UTC and doubt as of now; None: power was out, or this is no record of ours.

    memory: the RTC memory; cause: as machine.reset_cause() tells it; now: the RTC memory with a
    stamp of this life, of which only the chip's own clock counts.
    """
    record = _record(memory)
    if not record:
        return None
    asked, boot, uptime_s, stamped_s, unix_ms, doubt_ms, rate_ppm = record
    clock_s = _record(now)[3]
    passed_s = clock_s - stamped_s
    slack_s = _CLOCK_S
    if asked != REBOOT and cause != _SOFT_RESET:
        slack_s += uptime_s // _RC_SHARE
    if passed_s < -slack_s:
        return None  # the timer began anew: the memory outlived a moment without power
    least_s, most_s = _between(asked, cause)
    least_s = max(least_s, passed_s - slack_s)
    most_s = min(most_s, passed_s + slack_s)
    if unix_ms and least_s <= most_s:
        unix_ms += least_s * 1000
        doubt_ms += (most_s - least_s) * 1000
    else:
        unix_ms = 0
    return asked, boot, uptime_s, unix_ms, doubt_ms, rate_ppm


def _record(memory: bytes) -> tuple:
    """The record in the RTC memory; empty when there is none, or a bit of it is wrong."""
    data = memory[_SAFEMODE_BYTES : _SAFEMODE_BYTES + _BYTES + 4]
    if len(data) != _BYTES + 4 or crc32(data[:-4]) != struct.unpack("<I", data[-4:])[0]:
        return ()
    return struct.unpack(FORMAT, data[:-4])


def _between(asked: int, cause: int) -> tuple:
    """From the stamp to now: (least, most) seconds."""
    if cause == _SOFT_RESET:  # by somebody at the console, whom the watchdog leaves no longer
        return 0, _BITES_S + _BOOT_S
    if cause == _WDT_RESET and asked != _STARVED:
        return _BITES_S, _BITES_S + _BOOT_S
    return 0, _STAMPED_S + _BOOT_S
