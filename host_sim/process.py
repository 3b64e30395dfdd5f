"""The firmware process: the very files of `firmware/` on a real interpreter, joined to the world
by a pipe.
"""

import os
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import IO

from host_sim.file_system import FileSystem
from host_sim.image import image_of
from host_sim.peripherals.request import Request
from host_sim.shims import ops
from tools.build import ROOT, program
from tools.heads import resident_bytes
from tools.names import readable
from tools.rom import build_rom

SHIMS = ROOT / "host_sim" / "shims"
MICROPYTHON = ROOT / ".cache" / "micropython" / "bin" / "micropython"
UMQTT = ROOT / ".cache" / "umqtt"
BYTECODE = ROOT / "build" / "bytecode"
CONSOLE_TAIL_BYTES = 2000

_REQUEST_BYTES = struct.calcsize(ops.REQUEST)


class ProcessEnded(Exception):
    """The interpreter has ended: by itself, or because it crashed."""


class InterpreterMissing(Exception):
    """There is no 32-bit MicroPython to run the firmware on."""


class FirmwareProcess:
    """One life of the firmware, from reset to reset."""

    def __init__(
        self,
        vm: str,
        board: str,
        heap_bytes: int,
        scripts: Sequence[Path] = (),
        code_in_flash: bool = False,
        files: Path | None = None,
    ) -> None:
        """`files`: the root of its file system (file_system.py); None: only what is flashed."""
        self._request_in, request_out = os.pipe()
        answer_in, self._answer_out = os.pipe()
        image = files or image_of(vm, board)
        code = build_rom(board) if code_in_flash and vm == "micropython" else image
        if vm == "micropython":
            scripts = [program(script, board) for script in scripts]
        # Told from where it runs: MicroPython takes no argument of more than 255 characters, and
        # where the checkout lies is nothing to the heap.
        path = [_seen_from(image, each) for each in (SHIMS, code, ROOT / "boards" / board, UMQTT)]
        self._board = board
        self._console: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (closed by kill)
        self._buffer = b""
        self.process = subprocess.Popen(
            [
                *_interpreter(vm, heap_bytes, keeps_bytecode=files is None),
                _seen_from(image, SHIMS / "start.py"),
                f"{answer_in},{request_out}",
                _seen_from(image, ROOT / "host_sim"),
                ":".join(path),
                *(
                    _seen_from(image, script)
                    for script in scripts or (image / "boot.py", image / "main.py")
                ),
            ],
            pass_fds=(answer_in, request_out),
            cwd=image,
            stdin=subprocess.DEVNULL,
            stdout=self._console,
            stderr=subprocess.STDOUT,
        )
        os.close(answer_in)
        os.close(request_out)

    def requests(self) -> Iterator[Request]:
        """Every operation the firmware asks for, in order; raises ProcessEnded when there are no
        more.
        """
        buffer, place = b"", 0
        while True:
            while len(buffer) - place < _REQUEST_BYTES:
                buffer, place = buffer[place:] + self._receive(), 0
            op, handle, length, a, b = struct.unpack_from(ops.REQUEST, buffer, place)
            place += _REQUEST_BYTES
            while len(buffer) - place < length:
                buffer, place = buffer[place:] + self._receive(), 0
            yield Request(op, handle, a, b, buffer[place : place + length])
            place += length

    def answer(
        self,
        now_us: int,
        result: int,
        payload: bytes,
        interrupts: list[tuple[int, int]],
        readiness: int,
    ) -> None:
        """Answer the last operation; `readiness` as in ops.py."""
        tail = len(payload) | len(interrupts) << 16 | readiness << 24
        header = struct.pack(ops.ANSWER, ticks(now_us // 1000), ticks(now_us), result, tail)
        fired = bytes(value for pair in interrupts for value in pair)
        try:
            os.write(self._answer_out, header + payload + fired)
        except BrokenPipeError as error:
            raise ProcessEnded from error

    def console(self) -> str:
        """The end of what the firmware printed, its tracebacks in words of the source."""
        size = self._console.seek(0, os.SEEK_END)
        self._console.seek(max(0, size - CONSOLE_TAIL_BYTES))
        return readable(self._console.read().decode(errors="replace"), self._board)

    def kill(self) -> None:
        """End it where it stands, as a reset or a power cut does."""
        self.process.kill()
        self.process.wait()
        os.close(self._request_in)
        os.close(self._answer_out)
        self._console.close()

    def _receive(self) -> bytes:
        data = os.read(self._request_in, 65536)
        if not data:
            self.process.wait()
            raise ProcessEnded
        return data


TICKS_PERIOD = 1 << 30
# every life begins five seconds of ticks_ms before the wrap, so that none escapes it
FIRST_TICKS = TICKS_PERIOD - 5000


def ticks(value: int) -> int:
    """`value` as ticks_ms or ticks_us."""
    return (FIRST_TICKS + value) % TICKS_PERIOD


def _seen_from(folder: Path, path: Path) -> str:
    return os.path.relpath(path, folder)


def _interpreter(vm: str, heap_bytes: int, keeps_bytecode: bool) -> list[str]:
    if vm == "cpython":
        # compiled once, and beside nothing that is flashed: a start takes 0.15 s instead of 0.25 s
        kept = ["-X", f"pycache_prefix={BYTECODE}"] if keeps_bytecode else ["-B"]
        return [sys.executable, "-S", "-E", *kept, "-u"]
    if not MICROPYTHON.exists():
        raise InterpreterMissing(
            "no 32-bit MicroPython: install one on PATH and type `make` again, or use VM=cpython"
        )
    return [str(MICROPYTHON), "-X", f"heapsize={heap_bytes}"]


@cache
def bench_heap_bytes(
    vm: str, board: str, code_in_flash: bool = False, has_site: bool = False
) -> int:
    """Live heap of the shims and asyncio, which on the chip are C or frozen: measured, then added
    to the limit. So is what a build with the firmware's code in flash has there too
    (tools/heads.py).
    """
    if vm == "cpython":
        return 0
    scripts = [SHIMS / "micropython.py"]
    with tempfile.TemporaryDirectory() as empty:
        files = FileSystem(vm, board, Path(empty)) if has_site else None
        root = files and files.root
        process = FirmwareProcess(vm, board, 1 << 20, scripts, code_in_flash, root)
        try:
            hello = next(process.requests())
            return hello.a + (resident_bytes(board) if code_in_flash else 0)
        finally:
            process.kill()
