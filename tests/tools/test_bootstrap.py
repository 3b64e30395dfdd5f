"""A machine that lacks something: `make` says in one line which package brings it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.vm import ROOT

MAIN = "import sys; {}; import bootstrap; bootstrap.main()"


def refusal(folder: Path, first: str = "pass") -> str:
    """What the bootstrap says when the statement `first` has been run before it.

    It runs in `folder`, as if that were the project, and finds modules there first.
    """
    tools = folder / "tools"
    tools.mkdir()
    shutil.copy(ROOT / "tools" / "bootstrap.py", tools)
    command = [sys.executable, "-c", MAIN.format(first)]
    variables = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{tools}"}
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_python_too_old(tmp_path: Path) -> None:
    """Debian 11 has Python 3.9."""
    said = refusal(tmp_path, "sys.version_info = (3, 9, 2)")
    assert "3.11 or newer is needed, this is 3.9" in said


def test_no_venv_module(tmp_path: Path) -> None:
    """Debian ships ensurepip apart from Python."""
    (tmp_path / "ensurepip.py").write_text("raise ImportError\n")
    assert "sudo apt install python3-venv" in refusal(tmp_path)
