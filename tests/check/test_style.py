"""Style and layout, by ruff, with the rules in pyproject.toml. `make fmt` rights most."""

import subprocess
import sys

import pytest

from tests.vm import ROOT


@pytest.mark.parametrize("command", ["check --output-format=concise", "format --check"])
def test_ruff(command: str) -> None:
    """One layout and one set of rules for all files."""
    ruff = [sys.executable, "-m", "ruff", *command.split(), "--quiet", "."]
    done = subprocess.run(ruff, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
