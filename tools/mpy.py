"""What a compiled module (.mpy, version 6.3; py/persistentcode.c) is made of."""

from dataclasses import dataclass

_BLOCK_BYTES = 16  # of a 32-bit heap (py/gc.h)
HEAD_BYTES = 16  # mp_raw_code_t (py/emitglue.h); measured: tests/tools/test_heads.py
_POINTER_BYTES = 4
_NAME_BYTES = 2  # qstr_short_t
_TEXT_BYTES = 16  # mp_obj_str_t; what it points at lies in flash in either case
_TUPLE_HEAD_BYTES = 8
# kinds of constants (py/persistentcode.h)
_WITHOUT_OBJECT = range(5)  # None, True and the like
_TEXTS = (5, 6)
_TUPLE = 10


@dataclass(frozen=True)
class Module:
    """names: those that not every MicroPython has. tables_bytes: what its tables of names and
    constants, and the constants take of a 32-bit heap, in whole blocks, when its bytecode lies in
    flash.
    """

    names: tuple[str, ...]
    tables_bytes: int


def read(module: bytes) -> Module:
    """The module, read as far as its functions begin."""
    return _Reader(module).module()


def table_bytes(pointers: int) -> int:
    """What a table takes of the heap."""
    return _blocks(_POINTER_BYTES * pointers)


def _blocks(size: int) -> int:
    return -(-size // _BLOCK_BYTES) * _BLOCK_BYTES


class _Reader:
    def __init__(self, module: bytes) -> None:
        self._module = module
        self._place = 4  # behind the magic, the version and the architecture

    def module(self) -> Module:
        count, constants = self._number(), self._number()
        own = [name for name in (self._name() for _ in range(count)) if name]
        total = _blocks(_NAME_BYTES * count) + table_bytes(constants)
        total += sum(self._constant_bytes() for _ in range(constants))
        return Module(tuple(own), total)

    def _name(self) -> str:
        """Empty where it is a number in every MicroPython's own table."""
        length = self._number()
        if length & 1:
            return ""
        start = self._place
        self._place += length // 2 + 1
        return self._module[start : self._place - 1].decode()

    def _constant_bytes(self) -> int:
        kind = self._module[self._place]
        self._place += 1
        if kind in _WITHOUT_OBJECT:
            return 0
        length = self._number()
        if kind == _TUPLE:
            size = _blocks(_TUPLE_HEAD_BYTES + _POINTER_BYTES * length)
            return size + sum(self._constant_bytes() for _ in range(length))
        self._place += length + (kind in _TEXTS)  # a text ends with a zero
        return _TEXT_BYTES if kind in _TEXTS else 0

    def _number(self) -> int:
        value = 0
        while True:
            byte = self._module[self._place]
            self._place += 1
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value
