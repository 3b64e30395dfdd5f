"""A real mosquitto over a proxy that resets, stalls, closes and goes silent; it is killed and
comes back, with what it had or without. More of it: `python -m tests.integration.bad_network`.
"""

import shutil
from pathlib import Path

import pytest

from tests.integration import bad_network
from tests.vm import NO_MICROPYTHON, have_micropython


@pytest.mark.long_where(interpreter="micropython")
@pytest.mark.parametrize(
    ("interpreter", "seed", "restart"),
    [("micropython", 4, "forgets"), ("cpython", 5, "remembers")],
)
def test_everything_arrives_once_over_a_real_broker(
    interpreter: str, seed: int, restart: str, tmp_path: Path
) -> None:
    if not shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin"):
        pytest.skip("NOT TESTED with mosquitto: it is not installed")
    if interpreter == "micropython" and not have_micropython():
        pytest.skip(NO_MICROPYTHON)
    figures = bad_network.live(seed, interpreter, restart, tmp_path)
    assert figures["mishaps"] >= 3
