"""Scripted Modbus slaves, and a master to read them with."""

from lib.crc16 import crc16
from tests.drivers.wire import CLOCK, UART, asyncio, modbus

TURNAROUND_US = 4000


def framed(head):
    crc = crc16(head, len(head))
    return bytes(head) + bytes((crc & 0xFF, crc >> 8))


def answer(request, value=0):
    """What a good slave says: every word is the register's number plus `value`."""
    register = request[2] << 8 | request[3]
    head = bytearray((request[0], request[1], 2 * request[5]))
    for word in range(register + value, register + value + request[5]):
        head += bytes((word >> 8, word & 0xFF))
    return framed(head)


def saying(delay_us, noise=b""):
    """A slave that answers rightly after `delay_us`, with `noise` in front."""
    return lambda request: [(delay_us, noise + answer(request))]


good = saying(TURNAROUND_US)


def first_then_good(first):
    """A slave that says `first(request)` to the first request and is good afterwards."""
    asked = []

    def speak(request):
        asked.append(request)
        return first(request) if len(asked) == 1 else good(request)

    return speak


def bench(slaves, baud_bps=9600, echo=False, **options):
    """(master, uart) with the options of the master."""
    uart = UART(CLOCK, baud_bps, slaves, echo)
    return modbus.ModbusMaster(uart, baud_bps, **options), uart


def run(coroutine):
    """The result of a coroutine on the virtual clock."""
    return asyncio.run(coroutine)


def read(master, slave=1, register=72, count=2):
    """Words read, or the exception."""

    async def words():
        try:
            data = await master.read(slave, 4, register, count)
        except modbus.ModbusError as error:
            return error
        return [data[i] << 8 | data[i + 1] for i in range(0, len(data), 2)]

    return run(words())


def counters(master, slave=1):
    state = master.state(slave)
    return (
        state.requests,
        state.answers,
        state.exceptions,
        state.timeouts,
        state.crc_errors,
    )
