"""The RS-485 pair: one speaks at a time, frames end with 3.5 characters of silence, the direction
pin must be right, and both ends must speak at the same settings.
"""

from collections.abc import Callable
from typing import Protocol

from host_sim.models.line_settings import LineSettings
from host_sim.peripherals.uart import RX_IDLE_CHARACTERS
from host_sim.world import World


class Slave(Protocol):
    """A Modbus slave at the wire (host_sim/models/modbus_slave.py)."""

    turnaround_us: int
    settings: LineSettings | None  # None: at whatever settings the master speaks

    def answer(self, frame: bytes, t_us: int) -> bytes | None:
        """The answer to a frame that ended at `t_us` (unix), or None for silence."""
        ...


def silence_us(character_us: int) -> int:
    """The end of a frame: 3.5 characters up to 19200 bit/s, 1750 us above (Modbus over serial line
    V1.02, 2.5.1.1). At every usual speed that is the longer of the two.
    """
    return max(character_us * 7 // 2, 1750)


class Bus:
    """Slaves on one pair, each at its own settings: what the master sends at another speed or
    parity is no frame to a slave, and an answer is noise to a master that has changed its settings
    meanwhile.

    `direction` lists the levels of the driver-enable pin, None where the adapter switches itself.
    """

    def __init__(
        self,
        world: World,
        slaves: list[Slave],
        direction: Callable[[], list[tuple[int, int]]] | None,
    ) -> None:
        self._world = world
        self._slaves = slaves
        self._direction = direction
        self._receive: Callable[[bytes], None] = lambda data: None
        self._settings: LineSettings | None = None
        self._frame = bytearray()
        self._frame_start_us = 0
        self._frame_end_us = 0
        self._answered_until_us = 0
        self._is_whole = True
        self.frames = 0
        self.gap_violations = 0

    def connect(self, receive: Callable[[bytes], None]) -> None:
        """Where the master's receiver is."""
        self._receive = receive

    def configure(self, settings: LineSettings) -> None:
        """The settings the master speaks and listens at from now on."""
        self._settings = settings

    def set_whole(self, is_whole: bool) -> None:
        """Cut the pair behind the master, or mend it."""
        self._is_whole = is_whole

    def transmit(self, data: bytes, start_us: int, character_us: int) -> None:
        """The master speaks. Bytes that the driver was not enabled for never reach the pair."""
        gap_us = start_us - max(self._frame_end_us, self._answered_until_us)
        goes_on = bool(self._frame) and gap_us <= character_us * 3 // 2
        if self._frame_end_us and not goes_on and gap_us < silence_us(character_us):
            self.gap_violations += 1
        if not self._frame:
            self._frame_start_us = start_us
        self._frame += data
        self._frame_end_us = end_us = start_us + len(data) * character_us
        settings = self._settings
        self._world.at(
            end_us + silence_us(character_us),
            lambda: self._deliver(end_us, character_us, settings),
        )

    def _deliver(self, end_us: int, character_us: int, settings: LineSettings | None) -> None:
        if end_us != self._frame_end_us:
            # more bytes followed before the silence: that delivery will take the whole frame
            return
        start_us = self._frame_start_us
        frame = bytes(
            byte
            for place, byte in enumerate(self._frame)
            if self._driving(start_us + place * character_us)
            and self._driving(start_us + (place + 1) * character_us - 1)
        )
        self._frame.clear()
        self.frames += 1
        for slave in self._slaves if self._is_whole else ():
            understood = _in_step(slave, settings)
            answer = slave.answer(frame, self._world.unix_us) if understood else None
            if answer:
                self._reply(answer, slave, end_us, character_us)

    def _reply(self, answer: bytes, slave: Slave, heard_us: int, character_us: int) -> None:
        start_us = max(self._world.now_us, heard_us + slave.turnaround_us)
        self._answered_until_us = start_us + len(answer) * character_us
        self._world.at(
            self._answered_until_us + RX_IDLE_CHARACTERS * character_us,
            lambda: self._arrive(answer, slave, start_us, character_us),
        )

    def _arrive(self, answer: bytes, slave: Slave, start_us: int, character_us: int) -> None:
        if self._direction is not None:  # a receiver is deaf while its own driver is on
            answer = bytes(
                byte
                for place, byte in enumerate(answer)
                if not self._driving(start_us + place * character_us)
            )
        if answer and self._settings and not _in_step(slave, self._settings):
            characters = len(answer) * character_us // self._settings.character_us
            answer = self._world.random.randbytes(max(1, characters))
        if answer:
            self._receive(answer)

    def _driving(self, at_us: int) -> bool:
        if self._direction is None:
            return True
        level = 0
        for changed_us, new_level in reversed(self._direction()):
            if changed_us <= at_us:
                level = new_level
                break
        return bool(level)


def _in_step(slave: Slave, master: LineSettings | None) -> bool:
    """Whether slave and master understand each other; those without settings understand all."""
    return master is None or slave.settings is None or slave.settings.understands(master)
