"""What the collected facts say about each meter: registers, serial settings, word order."""

import json
from typing import Any

from tests.sim.shared_data import SHARED_DATA

FACTS = SHARED_DATA / "modbus" / "modbus_meters.json"
ID_OF = {"sdm72d_m_v2": "sdm72v2"}  # ours, and what the facts call it


def facts_of(name: str) -> dict[str, Any]:
    """The entry of one meter, by the name of its profile."""
    meters = json.loads(FACTS.read_text())["meters"]
    return next(meter for meter in meters if meter["id"] == ID_OF.get(name, name))
