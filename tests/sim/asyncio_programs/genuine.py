"""The virtual clock under MicroPython's own C code, without a change to its binary.

The C `_asyncio` reads the time with clock_gettime() and cannot be told otherwise. So, through
MicroPython's `ffi`, this overwrites the first bytes of clock_gettime() in the process's own copy
of the C library with a function that returns what stands in a cell of ours.
"""

import struct

import ffi
import timeline
import uctypes

_PAGE_BYTES = 4096
_READ_WRITE_EXECUTE = 7

_cell = bytearray(8)  # struct timespec of a 32-bit time_t


def _machine_code(cell_address):
    """int clock_gettime(clock, timespec): copy the cell to *timespec, return 0 (i386, cdecl)."""
    return (
        b"\x8b\x44\x24\x08"  # mov eax, [esp+8]
        + b"\xba"
        + struct.pack("<I", cell_address)  # mov edx, cell_address
        + b"\x8b\x0a\x89\x08"  # mov ecx, [edx]; mov [eax], ecx
        + b"\x8b\x4a\x04\x89\x48\x04"  # mov ecx, [edx+4]; mov [eax+4], ecx
        + b"\x31\xc0\xc3"  # xor eax, eax; ret
    )


def _set_cell(now_ms):
    struct.pack_into("<II", _cell, 0, now_ms // 1000, now_ms % 1000 * 1000000)


def take_over():
    """From here on the process lives in virtual time. Raises OSError where that is forbidden."""
    libc = ffi.open("libc.so.6")
    function = libc.addr("clock_gettime") & 0xFFFFFFFF
    code = _machine_code(uctypes.addressof(_cell) & 0xFFFFFFFF)
    first_page = function & ~(_PAGE_BYTES - 1)
    make_writable = libc.func("i", "mprotect", "Iii")
    if make_writable(first_page, 2 * _PAGE_BYTES, _READ_WRITE_EXECUTE):
        raise OSError("mprotect")
    uctypes.bytearray_at(function, len(code))[:] = code
    timeline.on_change = _set_cell
