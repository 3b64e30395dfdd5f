"""Types, by pyright: the firmware against the ESP32's stubs, everything else against CPython's.

The shims are on neither path: they have the shape of the stubs (test_shims.py), and a call that
only a shim would accept must be an error here.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vm import FIRMWARE, ROOT

FIRMWARE_CONFIG = FIRMWARE / "pyrightconfig.json"


def pyright(config: Path) -> str:
    """pyright's findings under `config`; nothing when there are none."""
    command = [sys.executable, "-m", "pyright", "--project", str(config)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.parametrize(
    "config", [FIRMWARE_CONFIG, ROOT / "pyproject.toml"], ids=["esp32", "host"]
)
def test_types(config: Path) -> None:
    """Names exist, arguments fit."""
    findings = pyright(config)
    assert not findings, findings


def test_the_stubs_can_refuse(tmp_path: Path) -> None:
    """A typo in a call of the vendor's API is found, line by line; a right call is accepted."""
    config = json.loads(FIRMWARE_CONFIG.read_text())
    for key in ("stubPath", "typeshedPath"):
        config[key] = str(FIRMWARE / config[key])
    config["extraPaths"] = [str(FIRMWARE / path) for path in config["extraPaths"]]
    config["include"] = ["."]
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(config))
    right = "machine.Pin(5, machine.Pin.IN, machine.Pin.PULL_UP).value()"
    wrong = [
        "machine.Pinn(5)",
        "machine.Pin(5, direction=1)",
        "machine.UART(1, 9600, speed=3)",
        "esp32.Partition('journal').format()",
        "network.WLAN(0).conect('home')",
        "time.perf_counter()",
        "asyncio.sleep_us(3)",
    ]
    header = "import asyncio, time, esp32, machine, network"
    (tmp_path / "board.py").write_text("\n".join((header, right, *wrong)) + "\n")
    lines = re.findall(r"board\.py:(\d+):\d+ - error", pyright(tmp_path))
    assert sorted(set(map(int, lines))) == list(range(3, 3 + len(wrong)))
