"""No interpreter to be had, or a wrong one: one clear line, status 3, and nothing left behind."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vm import ROOT

PROGRAMS = ("fetch_micropython.py", "private_apt.py")
DIES = "echo 'cannot execute' >&2; exit 126"
WRONG = {
    "not 32-bit": "echo 9223372036854775807 65000 1 26 0",
    "too old": "echo 2147483647 65000 1 22 2",
    "does not limit its heap": "echo 2147483647 1048576 1 26 0",
    "does not run here (cannot execute)": DIES,
}


def fetch(folder: Path, path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program in `folder`, as if that were the project, with only `path` to look in."""
    (folder / "tools").mkdir()
    for program in PROGRAMS:
        shutil.copy(ROOT / "tools" / program, folder / "tools")
    command = [sys.executable, str(folder / "tools" / PROGRAMS[0])]
    variables = {"PATH": str(path), **environment}
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)


def interpreter(folder: Path, answer: str) -> Path:
    """A folder for PATH with a `micropython` that runs the shell command `answer`."""
    folder.mkdir()
    program = folder / "micropython"
    program.write_text(f"#!/bin/sh\n{answer}\n")
    program.chmod(0o755)
    return folder


@pytest.mark.parametrize("problem", WRONG)
def test_an_unfit_interpreter_is_named_and_not_used(tmp_path: Path, problem: str) -> None:
    """The reason is said; without apt there is no other, and CPython must do."""
    done = fetch(tmp_path, interpreter(tmp_path / "path", WRONG[problem]))
    assert problem in done.stdout
    assert done.returncode == 3
    assert "no apt-get" in done.stderr
    assert "VM=cpython" in done.stderr
    assert done.stderr.count("\n") == 1
    assert list((tmp_path / ".cache").iterdir()) == []


def test_a_fit_interpreter_on_path_is_used(tmp_path: Path) -> None:
    """And is run through the launcher that everything else calls."""
    done = fetch(tmp_path, interpreter(tmp_path / "path", "echo 2147483647 65000 1 26 0"))
    assert done.returncode == 0, done.stderr
    launcher = tmp_path / ".cache" / "micropython" / "bin" / "micropython"
    answer = subprocess.run([launcher], capture_output=True, text=True, check=True).stdout
    assert answer == "2147483647 65000 1 26 0\n"


@pytest.mark.skipif(shutil.which("apt-get") is None, reason="NOT TESTED: a machine without apt")
def test_a_mirror_that_is_not_there(tmp_path: Path) -> None:
    """apt's own reason ends up in the one line."""
    done = fetch(tmp_path, Path(os.environ["PATH"]), DEBIAN_MIRROR="http://127.0.0.1:9/debian")
    if done.returncode == 0:
        pytest.skip("NOT TESTED: a dead mirror; this machine has a 32-bit micropython on PATH")
    assert done.returncode == 3
    assert "Failed to fetch" in done.stderr
    assert "DEBIAN_MIRROR=" in done.stderr
    assert done.stderr.count("\n") == 1
