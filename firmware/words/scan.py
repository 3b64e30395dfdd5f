"""Who answers on the meters' line."""

from micropython import const

import once
from drivers.modbus import ModbusException, ModbusTimeout
from lib import words

once.forget("lib.words")

_INPUT_REGISTERS = const(4)
_ADDRESS_MAX = const(247)


async def run(visit, arguments: list) -> tuple:
    """A line for each address that answers, whatever it says, at the speed that is configured;
    metering goes on between. An empty address takes meter.timeout_ms.
    """
    first, last = _meant(arguments)
    meter = visit.site.collector.meter
    if not meter:
        raise ValueError("scan: set meter.profile to any good one first: it opens the line")
    found = 0
    for address in range(first, last + 1):
        if await _answers(meter.master, address):
            found += 1
            told = ("address", address), ("configured", address == meter.address)
            await visit.row("slave", told)
    return (("asked", last - first + 1), ("found", found))


def _meant(arguments: list) -> tuple:
    first, last = 1, _ADDRESS_MAX
    if arguments:
        first = last = words.number(arguments[0])
        if len(arguments) == 2:
            last = words.number(arguments[1])
    if len(arguments) > 2 or None in (first, last) or not 1 <= first <= last <= _ADDRESS_MAX:
        raise ValueError("scan: the first and last address, from 1 to %d" % _ADDRESS_MAX)
    return first, last


async def _answers(master, address: int) -> bool:
    """One request, without the attempts that a meter which is known would get."""
    is_known = address in master.slaves
    if not is_known:
        master.state(address).backoff_ms = 1
    try:
        await master.read(address, _INPUT_REGISTERS, 0, 1)
        return True
    except ModbusException:
        return True
    except ModbusTimeout:
        return False
    finally:
        if not is_known:
            master.slaves.pop(address)
