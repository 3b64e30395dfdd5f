"""The file system on the board: the firmware as it was flashed, and beside it what a technician
has put into site/, or sends there while the collector runs. It outlives every reset.
"""

import shutil
import tempfile
from pathlib import Path

from host_sim.image import image_of


class FileSystem:
    """Of one collector; gone with it. site: the folder whose files are in site/ at first."""

    def __init__(self, vm: str, board: str, site: Path) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.root = Path(self._folder.name) / "flash"
        ignored = shutil.ignore_patterns("__pycache__", "site")
        shutil.copytree(image_of(vm, board), self.root, ignore=ignored)
        shutil.copytree(site, self.root / "site")
