"""How long NOR flash takes: the table of Espressif's own emulator.

Source: esp-idf, components/esp_partition, partition_linux.c (ESP8266 at 160 MHz, flash at 80 MHz).
"""

ERASE_US = 37_142  # a sector of 4 KiB
_SIZES = (4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096)
_PROGRAM_US = (19, 23, 35, 57, 106, 205, 417, 814, 1622, 3200, 6367)
_READ_US = (7, 5, 6, 7, 11, 18, 32, 60, 118, 231, 459)


def _table(times: tuple[int, ...]) -> list[int]:
    """Microseconds for every length 0..4096, straight lines between the measured ones."""
    table = [0] + [times[0]] * _SIZES[0]
    for place, size in enumerate(_SIZES[1:], 1):
        before, step = _SIZES[place - 1], size - _SIZES[place - 1]
        rise = times[place] - times[place - 1]
        for length in range(before + 1, size + 1):
            table.append(times[place - 1] + rise * (length - before) // step)
    return table


PROGRAM_TABLE_US = _table(_PROGRAM_US)
READ_TABLE_US = _table(_READ_US)


def cost_us(table: list[int], length: int) -> int:
    """Microseconds for any length."""
    return length // 4096 * table[4096] + table[length % 4096]
