"""`gc` for CPython, which has no bounded heap: the figures are 0. MicroPython has the real one."""


def collect():
    pass


def mem_free():
    return 0


def mem_alloc():
    return 0


def threshold(amount=-1):
    pass
