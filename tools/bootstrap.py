"""Make the virtual environment: locked packages in .venv, MicroPython's type stubs in .venv/stubs.

Run by the system's Python before anything is installed; so it keeps to the standard library, and
to syntax that a Python too old to go on can still read, in order to say so.
"""

import subprocess
import sys
import time
from pathlib import Path

VENV = Path(__file__).resolve().parent.parent / ".venv"
OLDEST = (3, 11)


def refuse(problem):
    """End with one line: what is wrong, and what to do."""
    raise SystemExit("make: " + problem)


def install(lock, *options):
    """Install the packages of the file `lock`, each checked against its hash."""
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "-qq", "--disable-pip-version-check"]
    if subprocess.call([*pip, "install", "--require-hashes", *options, "-r", lock]) != 0:
        refuse(f"{lock} was not installed (pip's reason is above): is the network there?")


def main():
    """Make .venv anew; it is complete when this returns."""
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:2]))
        refuse(f"Python 3.11 or newer is needed, this is {found}: try `make PYTHON=python3.11`")
    try:
        import ensurepip  # noqa: F401  (on Debian in a package of its own)
        import venv
    except ImportError:
        refuse("Python cannot make virtual environments: `sudo apt install python3-venv`")
        return
    print("setting up: installing the locked packages in .venv ...", flush=True)
    started_s = time.monotonic()
    venv.create(VENV, clear=True, with_pip=True, symlinks=True)
    install("requirements.lock")
    install("requirements-stubs.lock", "--target", str(VENV / "stubs"))
    (VENV / "complete").touch()
    print(f"setting up: packages installed in {time.monotonic() - started_s:.0f} s", flush=True)


if __name__ == "__main__":
    main()
