"""The partition table of a board, from its partitions.csv to the bytes in flash."""

import csv
from pathlib import Path

from mp_image_tool_esp32.partition_table import (
    NAME_TO_TYPE,
    PART_MAGIC,
    PART_NAME_LEN,
    SUBTYPES,
    PartitionEntry,
    PartitionTable,
)


def table(path: Path, flash_bytes: int) -> PartitionTable:
    """The table in the file."""
    with path.open(newline="", encoding="utf-8") as lines:
        rows = [
            [field.strip() for field in row]
            for row in csv.reader(line for line in lines if not line.startswith("#"))
        ]
    found = PartitionTable(flash_bytes)
    for name, kind, subtype, offset, size in rows:
        number = SUBTYPES[subtype][1] if subtype in SUBTYPES else int(subtype, 0)
        label = name.encode().ljust(PART_NAME_LEN, b"\0")
        entry = (NAME_TO_TYPE[kind], number, int(offset, 0), int(size, 0), label, 0)
        found.append(PartitionEntry(PART_MAGIC, *entry))
    found.check()
    return found
