"""Simulated meters on a pseudo-terminal, in real time, for programs that want a serial port.

    python -m host_sim.meter_terminal

prints the port and serves one meter of each kind, until its standard input ends. A meter hears
only who speaks with its settings: both ends of a Linux pseudo-terminal share one termios, so what
the program at the other end has set can be read here. All but one thing: Linux clears the bit for
"with parity" on pseudo-terminals (`pty_set_termios`). It keeps PARODD, so odd parity is seen; even
parity is seen only if the program lets its parity be checked (INPCK), which a program that cares
for parity does anyway. Without that, even looks like none.
"""

import argparse
import os
import select
import sys
import termios
import threading
import time
import tty
from collections.abc import Callable, Sequence
from typing import Self

from host_sim.models.house import House
from host_sim.models.line_settings import LineSettings
from host_sim.models.meters import METERS
from host_sim.models.meters.nameplate import NamedMeter
from host_sim.models.modbus_slave import ModbusSlave

_BAUDS_BPS = {getattr(termios, f"B{baud}"): baud for baud in (1200, 2400, 4800, 9600, 19200)}
_BAUDS_BPS |= {getattr(termios, f"B{baud}"): baud for baud in (38400, 57600, 115200)}
_SILENCE_CHARACTERS = 3.5
_CHUNK_S = 0.005  # what arrives within this time is handed over together, as by a USB adapter
_HISTORY_S = 86_400


class MeterTerminal:
    """The line. `path` is the port for the other program; a `with` block serves it meanwhile.

    `unix_us` tells the meters the time.
    """

    def __init__(
        self,
        slaves: Sequence[ModbusSlave],
        unix_us: Callable[[], int] = lambda: time.time_ns() // 1000,
    ) -> None:
        self._slaves = slaves
        self._unix_us = unix_us
        self._ours, self._theirs = os.openpty()  # theirs stays open: programs come and go
        tty.setraw(self._theirs)
        self.path = os.ttyname(self._theirs)
        self._stopped, self._stop = os.pipe()
        self._thread = threading.Thread(target=self.serve, args=(self._stopped,), daemon=True)
        self._frame = b""
        self._frame_end_s = 0.0
        self._sending: list[tuple[float, int]] = []  # when each byte is through, and the byte

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._stop)
        self._thread.join()
        for descriptor in (self._stopped, self._ours, self._theirs):
            os.close(descriptor)

    def serve(self, until: int) -> None:
        """Answer until something can be read from the descriptor `until`, or it ends."""
        while True:
            ready = select.select([self._ours, until], [], [], self._wait_s())[0]
            if until in ready:
                return
            now_s = time.monotonic()
            if self._ours in ready:
                self._hear(os.read(self._ours, 4096), now_s)
            elif self._frame and now_s >= self._frame_end_s:
                self._answer()
            self._send(now_s)

    def settings(self) -> LineSettings:
        """What the program at the other end speaks."""
        flags, _, control, _, _, speed, _ = termios.tcgetattr(self._ours)
        parity = "O" if control & termios.PARODD else "E" if flags & termios.INPCK else "N"
        stop_bits = 2 if control & termios.CSTOPB else 1
        return LineSettings(_BAUDS_BPS.get(speed, 0), parity, stop_bits)

    def _wait_s(self) -> float | None:
        due_s = [self._frame_end_s] if self._frame else []
        if self._sending:
            due_s.append(min(self._sending[0][0] + _CHUNK_S, self._sending[-1][0]))
        return max(0.0, min(due_s) - time.monotonic()) if due_s else None

    def _hear(self, data: bytes, now_s: float) -> None:
        """Bytes leave a terminal at once; on the wire they would take their time."""
        settings = self.settings()
        self._frame += data
        characters = len(data) + _SILENCE_CHARACTERS
        self._frame_end_s = now_s + characters * settings.character_us / 1e6 if settings[0] else 0

    def _answer(self) -> None:
        """Ask every meter that could hear the frame. Who answers at once with another spoils both:
        the line is low where one of them is.
        """
        spoken, frame, self._frame = self.settings(), self._frame, b""
        wire: dict[int, int] = {}
        for slave in self._slaves:
            if slave.settings and not slave.settings.understands(spoken):
                continue  # it hears nothing but damage
            reply = slave.answer(frame, self._unix_us())
            first = slave.turnaround_us // spoken.character_us if reply else 0
            for place, byte in enumerate(reply or b"", first):
                wire[place] = wire.get(place, 0xFF) & byte
        character_s = spoken.character_us / 1e6
        self._sending += [
            (self._frame_end_s + (place + 1) * character_s, byte)
            for place, byte in sorted(wire.items())
        ]

    def _send(self, now_s: float) -> None:
        through = [byte for due_s, byte in self._sending if due_s <= now_s]
        if through:
            os.write(self._ours, bytes(through))
            del self._sending[: len(through)]


def factory_fresh(seed: int, start_s: int) -> list[ModbusSlave]:
    """One meter of each kind on one house, at its factory settings; the addresses count up."""
    house = House(seed, start_s)
    slaves = []
    for address, (name, model) in enumerate(METERS.items(), 1):
        number = seed + address
        meter = NamedMeter(name, model.make(house, number), 10_000_000 + number)
        slaves.append(ModbusSlave(address, meter, model.max_count, seed, model.settings))
    return slaves


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Serve simulated meters on a pseudo-terminal.")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    start_s = int(time.time() - _HISTORY_S) // 3600 * 3600
    terminal = MeterTerminal(factory_fresh(options.seed, start_s))
    print(terminal.path, flush=True)
    terminal.serve(sys.stdin.fileno())


if __name__ == "__main__":
    main()
