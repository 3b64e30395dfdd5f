"""The I2C buses of the chip: registers of devices, at the pins where they are wired."""

import errno
from collections.abc import Mapping
from typing import Protocol

from host_sim.peripherals.request import Answer, Operations, Request
from host_sim.shims import ops
from host_sim.world import World

BIT_US = 3  # at 400 kHz, rounded up
FRAME_BYTES = 3  # address, register, and address again


class Device(Protocol):
    """A device with registers."""

    def read(self, register: int, count: int) -> bytes:
        """`count` registers from `register` on."""
        ...

    def write(self, register: int, data: bytes) -> None:
        """Set registers from `register` on."""
        ...


class I2C:
    """Devices by their address, all at one pair of pins (SCL, SDA)."""

    def __init__(
        self, world: World, pins: tuple[int, int] | None, devices: Mapping[int, Device]
    ) -> None:
        self._world = world
        self._pins = pins
        self._devices = devices
        self._opened: dict[int, tuple[int, int]] = {}

    def operations(self) -> Operations:
        """What the firmware may ask."""
        return {ops.I2C_OPEN: self._open, ops.I2C_READ: self._read, ops.I2C_WRITE: self._write}

    def reset(self) -> None:
        """No bus is open after a reset."""
        self._opened.clear()

    def _open(self, request: Request) -> Answer:
        self._opened[request.handle] = request.a, request.b
        return 0

    def _read(self, request: Request) -> Answer:
        device = self._device(request)
        count = int.from_bytes(request.data, "little")
        if device is None:
            return -errno.ENODEV
        self._take_time(count)
        return 0, device.read(request.b, count)

    def _write(self, request: Request) -> Answer:
        device = self._device(request)
        if device is None:
            return -errno.ENODEV
        self._take_time(len(request.data))
        device.write(request.b, request.data)
        return 0

    def _device(self, request: Request) -> Device | None:
        wired = self._pins is not None and self._opened.get(request.handle) == self._pins
        return self._devices.get(request.a) if wired else None

    def _take_time(self, count: int) -> None:
        self._world.run_until(self._world.now_us + (FRAME_BYTES + count) * 9 * BIT_US)
