"""`gc` for CPython, which has no bounded heap: as much is free as nobody needs. MicroPython has
the real one.
"""


def collect():
    pass


def mem_free():
    return 1 << 29


def mem_alloc():
    return 0


def threshold(amount=-1):
    pass
