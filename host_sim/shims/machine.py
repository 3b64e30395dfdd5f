"""ESP32's `machine` over the world: the part Pulsekeep uses, with the chip's semantics."""

import link
import ops

PWRON_RESET = 1
HARD_RESET = 2
WDT_RESET = 3
DEEPSLEEP_RESET = 4
SOFT_RESET = 5
_RTC_MEMORY_BYTES = 2048  # MICROPY_HW_RTC_USER_MEM_MAX


def unique_id():
    link.call(ops.UNIQUE_ID)
    return bytes(link.payload)


def reset_cause():
    return link.call(ops.RESET_CAUSE)


def reset():
    link.call(ops.RESET, 0, HARD_RESET)


def soft_reset():
    link.call(ops.RESET, 0, SOFT_RESET)


def freq(hz=None):
    return 240_000_000


class Pin:
    IN = 1
    OUT = 3
    OPEN_DRAIN = 7
    PULL_UP = 2
    PULL_DOWN = 1
    IRQ_RISING = 1
    IRQ_FALLING = 2

    def __init__(self, id, mode=-1, pull=-1, *, value=None):
        self._id = id
        self._handler = None
        self.init(mode, pull, value=value)

    def init(self, mode=-1, pull=-1, *, value=None):
        link.post(ops.PIN_MODE, self._id, mode, -1 if pull is None else pull)
        if value is not None:
            self.value(value)

    def value(self, x=None):
        if x is None:
            return link.call(ops.PIN_GET, self._id)
        link.post(ops.PIN_SET, self._id, 1 if x else 0)

    __call__ = value

    def on(self):
        self.value(1)

    def off(self):
        self.value(0)

    def irq(self, handler=None, trigger=IRQ_RISING | IRQ_FALLING):
        self._handler = handler
        link.interrupt_handlers[self._id] = self._fire if handler else None
        link.post(ops.PIN_IRQ, self._id, trigger if handler else 0)

    def _fire(self, level):
        self._handler(self)


class ADC:
    ATTN_0DB = 0
    ATTN_2_5DB = 1
    ATTN_6DB = 2
    ATTN_11DB = 3

    def __init__(self, pin, *, atten=ATTN_0DB):
        self._id = pin._id
        self._atten = atten

    def read_uv(self):
        return link.checked(ops.ADC_READ, self._id, self._atten)


class I2C:
    def __init__(self, id, *, scl, sda, freq=400_000):
        self._id = id
        link.post(ops.I2C_OPEN, id, scl._id, sda._id)

    def readfrom_mem(self, addr, memaddr, nbytes):
        link.checked(ops.I2C_READ, self._id, addr, memaddr, nbytes.to_bytes(2, "little"))
        return bytes(link.payload)

    def writeto_mem(self, addr, memaddr, buf):
        link.checked(ops.I2C_WRITE, self._id, addr, memaddr, buf)


class Counter:
    RISING = 1
    FALLING = 2

    def __init__(self, id, src=None, *, edge=RISING, direction=1, filter_ns=0):
        self._id = id
        self._offset = 0
        link.checked(ops.COUNTER_OPEN, id, src._id, filter_ns, bytes((edge,)))

    def value(self, value=None):
        """Counts so far; given a value, the counter goes on from it (the port keeps an offset, the
        hardware runs on).
        """
        now = link.call(ops.COUNTER_VALUE, self._id) + self._offset
        if value is not None:
            self._offset += value - now
        return now


class UART:
    IRQ_RXIDLE = 0x1000

    def __init__(
        self,
        id,
        baudrate=115200,
        bits=8,
        parity=None,
        stop=1,
        *,
        tx=-1,
        rx=-1,
        rxbuf=256,
        timeout=0,
    ):
        self._handle = id
        self.init(baudrate, bits, parity, stop, tx=tx, rx=rx, rxbuf=rxbuf, timeout=timeout)

    def init(
        self, baudrate=115200, bits=8, parity=None, stop=1, *, tx=-1, rx=-1, rxbuf=256, timeout=0
    ):
        line = bytes((bits, 2 if parity is None else parity, stop, tx & 0xFF, rx & 0xFF))
        link.post(ops.UART_OPEN, self._handle, baudrate, rxbuf, line)

    def any(self):
        if not link.readiness & ops.UART_READY:
            return 0  # the world stands still: asking it would bring nothing new
        return link.call(ops.UART_READ, self._handle, 0)

    def read(self, nbytes=-1):
        return bytes(link.payload) if link.call(ops.UART_READ, self._handle, nbytes) else None

    def readinto(self, buf, nbytes=-1):
        wanted = len(buf) if nbytes < 0 else min(nbytes, len(buf))
        count = link.call(ops.UART_READ, self._handle, wanted)
        if not count:
            return None
        buf[:count] = link.payload[:count]
        return count

    def write(self, buf):
        link.post(ops.UART_WRITE, self._handle, 0, 0, buf)
        return len(buf)

    def flush(self):
        link.call(ops.UART_FLUSH, self._handle)

    def txdone(self):
        return bool(link.call(ops.UART_TXDONE, self._handle))

    def deinit(self):
        pass


class RTC:
    def datetime(self, datetimetuple=None):
        import time

        if datetimetuple is None:
            year, month, day, hour, minute, second, weekday, _ = time.gmtime()
            return (year, month, day, weekday, hour, minute, second, 0)
        year, month, day, _, hour, minute, second, _ = datetimetuple
        seconds = time.mktime((year, month, day, hour, minute, second, 0, 0))
        link.call(ops.RTC_SET, 0, 0, 0, seconds.to_bytes(8, "little"))

    _memory = None  # what it holds: only the firmware changes it while it runs

    def memory(self, data=None):
        if data is None:
            if RTC._memory is None:
                link.call(ops.RTC_MEMORY_GET)
                RTC._memory = bytes(link.payload)
            return RTC._memory
        if len(data) > _RTC_MEMORY_BYTES:
            raise ValueError("buffer too long")
        RTC._memory = bytes(data)
        link.post(ops.RTC_MEMORY_SET, 0, 0, 0, data)


class WDT:
    def __init__(self, *, id=0, timeout=5000):
        link.post(ops.WDT_START, 0, timeout)

    def feed(self):
        link.post(ops.WDT_FEED)
