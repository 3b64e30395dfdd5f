"""Makes the firmware's modules importable on the host, under the names they have on the board."""

import sys
from pathlib import Path

FIRMWARE = Path(__file__).resolve().parents[1] / "firmware"
if str(FIRMWARE) not in sys.path:
    sys.path.append(str(FIRMWARE))
