"""Get a 32-bit MicroPython (unix port) into .cache/micropython: integers and heap as on the chip.

First choice: the `micropython` on PATH, if it is 32-bit and new enough. Else Debian's i386
packages, fetched by apt from the mirrors that this machine is configured for, verified with
Debian's keys, unpacked aside and run by their own loader: nothing is installed, nobody need be
root. The interpreter is tried before it takes its place.

Exit status: 0 it is there; 3 it cannot be had on this machine (a line says why, and what to do).
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from private_apt import AptError, PrivateApt

CACHE = Path(__file__).resolve().parent.parent / ".cache"
TARGET = CACHE / "micropython"
NOT_TO_BE_HAD = 3

# Has MicroPython 1.25, and these libraries. Both names are one suite, but a mirror in the middle
# of an update may have either index without the other's checksums (seen on 2026-11-24).
SUITES = ("trixie", "stable")
PACKAGES = ("micropython", "libc6", "libffi8", "libmbedtls21", "libmbedcrypto16", "libmbedx509-7")
OLDEST = (1, 25)
PROBE_HEAP_KIB = 64
PROBE = """
import asyncio, ffi, gc, sys, uctypes
from vfs import VfsRom
print(sys.maxsize, gc.mem_free() + gc.mem_alloc(), *sys.implementation[1][:3])
"""

LAUNCH_SYSTEM = """#!/bin/sh
exec '{path}' "$@"
"""
LAUNCH_UNPACKED = """#!/bin/sh
root=${0%/*}/../root
exec "$root/usr/lib/ld-linux.so.2" --library-path "$root/usr/lib/i386-linux-gnu" \\
    "$root/usr/bin/micropython" "$@"
"""
HELP = (
    "put a 32-bit micropython >= 1.25 on PATH, or name a mirror of Debian with DEBIAN_MIRROR=; "
    "until then CPython does the work (VM=cpython) and tests on MicroPython are skipped"
)


class UnfitError(Exception):
    """An interpreter does not run, or is not the one we need; the message says in what."""


def probe(micropython: Path) -> str:
    """The version of the interpreter, which was tried and is fit; raises UnfitError."""
    command = [str(micropython), "-X", f"heapsize={PROBE_HEAP_KIB}k", "-c", PROBE]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnfitError(f"does not run here ({error})") from None
    if done.returncode != 0:
        raise UnfitError(f"does not run here ({done.stderr.strip()[-120:] or done.returncode})")
    largest, heap, *version = (int(word) for word in done.stdout.split())
    name = ".".join(map(str, version))
    if largest != 2**31 - 1:
        raise UnfitError(f"is {name}, but not 32-bit")
    if tuple(version) < OLDEST:
        raise UnfitError(f"is {name}, too old")
    if heap > PROBE_HEAP_KIB * 1024:
        raise UnfitError(f"is {name}, but does not limit its heap")
    return name


def from_path(build: Path) -> str:
    """Use the interpreter on PATH; raises UnfitError."""
    found = shutil.which("micropython")
    if found is None:
        raise UnfitError("is not there")
    version = probe(Path(found))
    write_launcher(build, LAUNCH_SYSTEM.format(path=found))
    return version


def from_debian(build: Path) -> str:
    """Fetch and unpack Debian's i386 packages; raises AptError or UnfitError."""
    apt = PrivateApt(build / "apt", "i386")
    mirrors = [named] if (named := os.environ.get("DEBIAN_MIRROR")) else apt.mirrors()
    apt.unpack(PACKAGES, SUITES, mirrors, build / "root")
    shutil.rmtree(build / "apt")
    write_launcher(build, LAUNCH_UNPACKED)
    return probe(build / "bin" / "micropython")


def write_launcher(build: Path, script: str) -> None:
    """Write `script` as build/bin/micropython."""
    launcher = build / "bin" / "micropython"
    launcher.parent.mkdir()
    launcher.write_text(script)
    launcher.chmod(0o755)


def fetch(build: Path) -> str:
    """Fill the folder `build`; what was found, in words."""
    try:
        return f"{from_path(build)} from PATH"
    except UnfitError as error:
        reason = f"micropython on PATH {error}"
    print(f"setting up: {reason}; fetching Debian's 32-bit packages ...", flush=True)
    started_s = time.monotonic()
    version = from_debian(build)
    return f"{version}, 32-bit, fetched in {time.monotonic() - started_s:.0f} s"


def main() -> int:
    """Leave a fit interpreter in .cache/micropython, or nothing; the exit status."""
    launcher = TARGET / "bin" / "micropython"
    if launcher.exists():
        return 0
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE, ignore_cleanup_errors=True) as scratch:
        build = Path(scratch) / "micropython"
        build.mkdir()
        try:
            found = fetch(build)
        except (AptError, UnfitError) as error:
            print(
                f"NO 32-BIT MICROPYTHON: {error}. What to do: {HELP}", file=sys.stderr, flush=True
            )
            return NOT_TO_BE_HAD
        shutil.rmtree(TARGET, ignore_errors=True)
        build.rename(TARGET)
    print(f"setting up: MicroPython {found}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
