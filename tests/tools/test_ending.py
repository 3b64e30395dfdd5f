"""Commands whose reader goes away, as `| head` does: they end, and nobody is shown a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lib import record
from tests.sim.journal_rig import flash, opened
from tests.tools.deliveries import NOW_S, events, status, water
from tests.tools.deliveries import intervals as hours
from tests.vm import ROOT
from tools import ending
from tools.headend.ledger import Ledger

MODULES = [
    "host_sim.run",
    "tools.bench",
    "tools.console",
    "tools.dump",
    "tools.flash",
    "tools.headend",
    "tools.image",
    "tools.journal",
    "tools.provision",
    "tools.scan",
    "tools.size",
]
DEADLINE_S = 60
# What fits into the buffer is written when the command has ended, and fails then.
BUFFERED = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}


def unread(*words: str) -> tuple[int, str]:
    """Status and complaints of a command whose reader was gone before it said anything."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=ROOT,
            input="a line\n",
            env=BUFFERED,
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            timeout=DEADLINE_S,
        )
    finally:
        os.close(writing)
    return done.returncode, done.stderr


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("ending") / "ledger.db"
    made = Ledger(path)
    examined = (2, "commissioned", {"checked": 3, "failed": 0})
    for word, text in (
        ("status", status()),
        ("intervals", hours(0, 1, [1], water(0, 5))),
        ("events", events(1, 2, examined)),
    ):
        made.receive(f"ami/h1/{word}", text, NOW_S)
    made.close()
    return str(path)


@pytest.mark.parametrize("module", MODULES)
def test_help(module: str) -> None:
    assert unread(module, "--help") == (1, "")


@pytest.mark.parametrize("json", [True, False])
@pytest.mark.parametrize("word", ["report", "completeness", "events", "commissioned"])
def test_a_short_list(word: str, json: bool, ledger: str) -> None:
    assert unread("tools.headend", word, "--db", ledger, *["--json"] * json) == (1, "")


def test_what_a_chip_said() -> None:
    assert unread("tools.names") == (1, "")


def test_a_long_list(tmp_path: Path) -> None:
    # Its reader takes one line, and has enough.
    journal = opened(nor := flash())
    for _ in range(1000):
        journal.append(record.EVENT, bytes(7))
    nor.save(tmp_path / "image")
    with subprocess.Popen(
        [sys.executable, "-m", "tools.journal", str(tmp_path / "image")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout and process.stderr
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(DEADLINE_S) == 1


def test_what_else_broke_off_is_no_quiet_end() -> None:
    # A broker, a database: whoever reads is still there.
    def broken() -> int:
        raise BrokenPipeError("the broker")

    with pytest.raises(BrokenPipeError, match="the broker"):
        ending.status(broken)


def test_the_status_is_the_command_s_own() -> None:
    assert ending.status(lambda: 3) == 3
