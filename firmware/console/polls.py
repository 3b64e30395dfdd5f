"""How well the meter's line does."""

from micropython import const

_POLLS = const(10)


async def tried(collector) -> tuple:
    """(requests, those without a good answer) of some polls; both 0 where there is no meter."""
    if not collector.meter:
        return 0, 0
    before = dict(collector.meter.figures())
    for _ in range(_POLLS):
        await collector.read_meter()
    now = dict(collector.meter.figures())
    bad = ("modbus_timeouts", "modbus_crc_errors", "modbus_exceptions")
    errors = sum(now[name] - before[name] for name in bad)
    return now["modbus_requests"] - before["modbus_requests"], errors
