"""The chip itself: waiting, pins, interrupts, watchdog, RTC, and why it last came out of reset."""

from collections.abc import Callable, Iterable
from typing import Protocol

from host_sim.peripherals.request import Answer, Operations, Request
from host_sim.shims import ops
from host_sim.world import FOREVER_US, World

PWRON_RESET, HARD_RESET, WDT_RESET, SOFT_RESET = 1, 2, 3, 5  # machine.reset_cause()
RISING, FALLING = 1, 2
POLLIN, POLLOUT = 1, 4
SCHEDULED_MAX = 8  # MICROPY_SCHEDULER_DEPTH of the ESP32 port: further callbacks are dropped
LEVELS_KEPT = 16  # of an output pin: enough to judge a frame's direction switching


class ChipReset(Exception):
    """The chip leaves the present program and starts again. in_order: by esp_restart(), which
    lets the RTC timer take over from the crystal where that is.
    """

    def __init__(self, cause: int, in_order: bool = False) -> None:
        super().__init__(cause)
        self.cause = cause
        self.in_order = in_order


class Pollable(Protocol):
    """What select.poll can watch."""

    def events(self) -> int:
        """POLLIN and POLLOUT bits that hold now."""
        ...


class Chip:
    """Keeps what the core knows: which pollables the firmware watches, which interrupts wait, when
    the dog bites.
    """

    def __init__(self, world: World, unique_id: bytes, rc_ppm: int = 0) -> None:
        """rc_ppm: how much faster the RTC's oscillator runs than it did when it was measured, at
        the boot before.
        """
        self.world = world
        self.unique_id = unique_id
        self.reset_cause = PWRON_RESET
        self.inputs: dict[int, Callable[[], int]] = {}
        self.pollables: dict[int, Pollable] = {}
        self.uart_has_data: Callable[[], bool] = lambda: False
        self.is_masked: Callable[[], bool] = lambda: False
        self.on_armed: Callable[[int], None] = lambda pin: None
        self._rc_ppm = rc_ppm
        self._booted_us = 0
        self.lose_power()
        self._clear()

    def operations(self) -> Operations:
        """What the firmware may ask."""
        return {
            ops.WAIT: self._wait,
            ops.POLL_SET: self._poll_set,
            ops.RESET: self._reset,
            ops.RESET_CAUSE: lambda _: self.reset_cause,
            ops.UNIQUE_ID: lambda _: (0, self.unique_id),
            ops.RTC_GET: lambda _: (0, self.rtc_s().to_bytes(8, "little")),
            ops.RTC_SET: self._rtc_set,
            ops.RTC_MEMORY_GET: lambda _: (0, self.rtc_memory),
            ops.RTC_MEMORY_SET: self._rtc_memory_set,
            ops.WDT_START: self._watchdog_start,
            ops.WDT_FEED: self._watchdog_feed,
            ops.PIN_MODE: lambda _: 0,
            ops.PIN_SET: self._pin_set,
            ops.PIN_GET: self._pin_get,
            ops.PIN_IRQ: self._pin_irq,
        }

    def reset(self, cause: int, in_order: bool = False) -> None:
        """Start afresh; RTC memory and RTC survive. A brown-out reads as a power-on, and the RTC
        timer counts other cycles than those of the crystal (esp-idf#9448).
        """
        if not in_order:
            lived_us = self.world.now_us - self._booted_us
            self._rtc_offset_us += lived_us * self._rc_ppm // 1_000_000
        self._booted_us = self.world.now_us
        self.reset_cause = cause
        self._clear()

    def lose_power(self) -> None:
        """RTC and RTC memory are gone."""
        self.rtc_memory = b""
        self._rtc_offset_us = -self.world.unix_us  # an RTC without a battery starts in 2000
        self._booted_us = self.world.now_us

    def wake(self) -> None:
        """Something changed that a waiting firmware may be waiting for."""
        self._changed = True

    def interrupt(self, pin: int, level: int) -> None:
        """A pin changed; the firmware's handler runs when it waits next, or at once if it waits
        now. While flash is written interrupts are masked, and the pin remembers no more than that
        there was one (spi_flash_concurrency.rst).
        """
        trigger = self._triggers.get(pin, 0)
        if not trigger & (RISING if level else FALLING):
            return
        if self.is_masked() and any(waiting == pin for waiting, _ in self._interrupts):
            return
        if len(self._interrupts) < SCHEDULED_MAX:
            self._interrupts.append((pin, level))
            self._changed = True

    def break_off(self) -> None:
        """The program gets a KeyboardInterrupt, wherever it is."""
        self._interrupts.append((ops.KEYBOARD_HANDLE, 0))
        self._changed = True

    def take_interrupts(self) -> list[tuple[int, int]]:
        """What fired since the last answer."""
        taken, self._interrupts = self._interrupts, []
        return taken

    def readiness(self) -> int:
        """What is ready, as the shims need to know it (ops.py)."""
        polled = ops.POLLED_READY if self._watched and self._ready() else 0
        return polled | (ops.UART_READY if self.uart_has_data() else 0)

    def outputs(self, pin: int) -> list[tuple[int, int]]:
        """Every level the firmware gave the pin: (time, level), oldest first."""
        return self._outputs.setdefault(pin, [])

    def rtc_s(self) -> int:
        """Seconds since 2000 by the chip's own RTC."""
        return (self.world.unix_us + self._rtc_offset_us) // 1_000_000

    def _clear(self) -> None:
        self._changed = False
        self._interrupts: list[tuple[int, int]] = []
        self._triggers: dict[int, int] = {}
        self._outputs: dict[int, list[tuple[int, int]]] = {}
        self._watched: dict[int, int] = {}
        self._watchdog_us = 0
        self._fed_us = 0

    def _wait(self, request: Request) -> Answer:
        sleeping = request.handle == 1
        deadline_us = FOREVER_US
        if request.a >= 0:
            deadline_us = self.world.now_us + request.a * 1000 + request.b
        ready = b"" if sleeping else self._ready()
        if not ready and not self._interrupts:
            self._changed = False
            self.world.run_until(deadline_us, self._interrupted if sleeping else self._woken)
            ready = b"" if sleeping else self._ready()
        if ready:
            return ops.READY, ready
        return ops.INTERRUPTED if self._interrupts else ops.TIMED_OUT

    def _interrupted(self) -> bool:
        return bool(self._interrupts)

    def _woken(self) -> bool:
        if not self._changed:
            return False
        self._changed = False
        return bool(self._interrupts or self._ready())

    def _ready(self) -> bytes:
        return bytes(self._ready_pairs())

    def _ready_pairs(self) -> Iterable[int]:
        for handle, flags in self._watched.items():
            pollable = self.pollables.get(handle)
            # ERR and HUP always count
            events = pollable.events() & (flags | 24) if pollable else 0
            if events:
                yield handle
                yield events

    def _poll_set(self, request: Request) -> Answer:
        if request.a:
            self._watched[request.handle] = request.a
        else:
            self._watched.pop(request.handle, None)
        return 0

    def _reset(self, request: Request) -> Answer:
        raise ChipReset(request.a, in_order=True)

    def _rtc_set(self, request: Request) -> Answer:
        seconds = int.from_bytes(request.data, "little")
        self._rtc_offset_us = seconds * 1_000_000 - self.world.unix_us
        return 0

    def _rtc_memory_set(self, request: Request) -> Answer:
        self.rtc_memory = request.data
        return 0

    def _watchdog_start(self, request: Request) -> Answer:
        running = self._watchdog_us > 0
        self._watchdog_us = request.a * 1000
        self._fed_us = self.world.now_us
        if not running:
            self._watch(self._fed_us)
        return 0

    def _watchdog_feed(self, request: Request) -> Answer:
        self._fed_us = self.world.now_us
        return 0

    def _watch(self, since_us: int) -> None:
        triggers = self._triggers  # another object after a reset: then this dog is gone
        self.world.at(since_us + self._watchdog_us, lambda: self._bite(since_us, triggers))

    def _bite(self, since_us: int, triggers: dict[int, int]) -> None:
        if triggers is not self._triggers:
            return
        if self._fed_us == since_us or self._fed_us + self._watchdog_us <= self.world.now_us:
            raise ChipReset(WDT_RESET)
        self._watch(self._fed_us)

    def _pin_set(self, request: Request) -> Answer:
        written = self.outputs(request.handle)
        written.append((self.world.now_us, request.a))
        del written[:-LEVELS_KEPT]
        return 0

    def _pin_get(self, request: Request) -> Answer:
        source = self.inputs.get(request.handle)
        if source:
            return source()
        written = self.outputs(request.handle)
        return written[-1][1] if written else 1

    def _pin_irq(self, request: Request) -> Answer:
        self._triggers[request.handle] = request.a
        if request.a:
            self.on_armed(request.handle)
        return 0
