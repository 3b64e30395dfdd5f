"""What a board's folder says of it: board.json and partitions.csv."""

import json
from typing import Any

from mp_image_tool_esp32.partition_table import PartitionTable

from tools.build import ROOT
from tools.image import partitions


def names() -> list[str]:
    """Of all boards."""
    return sorted(path.parent.name for path in (ROOT / "boards").glob("*/board.json"))


def facts(board: str) -> dict[str, Any]:
    """What board.json says."""
    return json.loads((ROOT / "boards" / board / "board.json").read_text(encoding="utf-8"))


def table(board: str) -> PartitionTable:
    """Its partitions."""
    path = ROOT / "boards" / board / "partitions.csv"
    return partitions.table(path, facts(board)["flash_mib"] << 20)
