"""Fetches pure MicroPython packages from the package index.

They are dependencies, not ours to copy. Their archives have no setup program, so pip cannot
install them; `unearth` downloads them from the same index, with pip's own settings. Their hashes
are pinned beside them, as requirements.lock pins the others.
"""

import shutil
import tempfile
from pathlib import Path

from httpx2 import HTTPError
from pip._internal.commands import create_command
from unearth import PackageFinder, UnpackError

CACHE = Path(__file__).resolve().parent.parent / ".cache"


def index_urls() -> list[str]:
    """Where pip looks for packages, by default or as its environment and pip.conf say."""
    options, _ = create_command("download").parse_args([])
    return [options.index_url, *options.extra_index_urls]


def unpack(requirement: str, sha256: str, work: Path) -> Path:
    """Download and unpack the archive below `work`; the folder that holds its modules."""
    finder = PackageFinder(index_urls=index_urls())
    match = finder.find_best_match(requirement).best
    if match is None:
        raise UnpackError(f"no package index that pip knows has {requirement}")
    return finder.download_and_unpack(match.link, work, work, hashes={"sha256": [sha256]})


def fetch(requirement: str, sha256: str, package: str, folder: str = "") -> None:
    """Put the folder `package` into .cache/`folder`, by default of its own name: all of it, or
    nothing. Ends the program with the reason when it cannot be had.
    """
    target = CACHE / (folder or package)
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as work:
        try:
            unpacked = unpack(requirement, sha256, Path(work))
        except (UnpackError, HTTPError, OSError) as error:
            problem = f"make: {requirement} was not fetched: {error}; is the network there?"
            raise SystemExit(problem) from None
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        # `copy`: with the time of now, which `make` compares, not that of the archive.
        shutil.copytree(unpacked / package, target / package, copy_function=shutil.copy)
    print(f"setting up: {requirement} fetched", flush=True)
