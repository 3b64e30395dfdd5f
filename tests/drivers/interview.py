"""The real driver asks a liar, again and again: what it took, and what it should have taken."""

from tests.drivers.liar import BAUD_BPS, Liar
from tests.drivers.wire import CLOCK, START_US, UART, asyncio, modbus

REST_MS = 1000


class Tally:
    """What became of `answers`.

    right, refused: reads. wrong: reads that gave other words than the true ones; `expected_wrong`:
    what the CRC allows. faults: lines about a wrong value that it does not allow, and about true
    words that were not taken.
    """

    def __init__(self):
        self.answers = 0
        self.right = 0
        self.refused = 0
        self.wrong = 0
        self.expected_wrong = 0.0
        self.faults = []


def interview(seed, answers):
    """Read until the liar of this seed has given so many answers; the same on either Python."""
    CLOCK.now_us = START_US
    liar = Liar(seed)
    uart = UART(CLOCK, BAUD_BPS, {liar.slave: liar})
    master = modbus.ModbusMaster(uart, BAUD_BPS, backoff_ms=REST_MS, backoff_limit_ms=REST_MS)
    tally = Tally()
    asyncio.run(_interview(master, uart, liar, answers, tally))
    tally.answers = liar.answers
    tally.expected_wrong = liar.chance / 65536
    return tally


async def _interview(master, uart, liar, answers, tally):
    while liar.answers < answers:
        uart.sent.clear()  # nobody asks for it, and it grows
        function, register, count = liar.ask()
        taken = None
        try:
            data = await master.read(liar.slave, function, register, count)
            taken = bytes(data)
        except modbus.ModbusException:
            pass
        except modbus.ModbusTimeout:
            await asyncio.sleep_ms(REST_MS)
        if taken is None:
            tally.refused += 1
        elif taken == liar.words:
            tally.right += 1
        else:
            tally.wrong += 1
            _examine(liar, taken, tally)
        for kind in liar.kinds if taken is None else liar.kinds[:-1]:
            if kind.clear:
                tally.faults.append(f"answer {liar.answers}: '{kind.name}' not taken")


def _examine(liar, taken, tally):
    """A wrong value is the CRC's weakness only if it was said just now, by damage of that kind."""
    kind = liar.kinds[-1]
    if kind.chance == 0 or bytes((len(taken),)) + taken not in liar.heard:
        tally.faults.append(f"answer {liar.answers}: wrong value after '{kind.name}'")
