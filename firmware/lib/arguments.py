"""Arguments of a command, checked."""

SEQ_MAX = 0xFFFFFFFF


def integer(arguments: dict, key: str, low: int, high: int) -> int:
    """The argument `key`; ValueError when it is no integer from `low` to `high`."""
    value = arguments.get(key)
    if type(value) is not int or not low <= value <= high:
        raise ValueError("%s: must be an integer from %d to %d" % (key, low, high))
    return value
