"""Fetch `umqtt.simple`, MicroPython's own MQTT client, into .cache/umqtt.

It is a dependency, not ours to copy: on the board it is part of the firmware image or installed by
`mip`. Its archive on the package index has no setup program, so pip cannot install it; `unearth`
downloads it from the same index, with pip's own settings. Its hash is pinned here, as
requirements.lock pins the others.
"""

import shutil
import tempfile
from pathlib import Path

from httpx2 import HTTPError
from pip._internal.commands import create_command
from unearth import PackageFinder, UnpackError

REQUIREMENT = "micropython-umqtt.simple==1.3.4"
SHA256 = "b6a2520239e3992c63a7de9370ee9b3d9d27819a90359c521f1c0f7ccab8d12f"
TARGET = Path(__file__).resolve().parent.parent / ".cache" / "umqtt"


def index_urls() -> list[str]:
    """Where pip looks for packages, by default or as its environment and pip.conf say."""
    options, _ = create_command("download").parse_args([])
    return [options.index_url, *options.extra_index_urls]


def fetch(work: Path) -> Path:
    """Download and unpack the archive below `work`; the folder that holds `umqtt/`."""
    finder = PackageFinder(index_urls=index_urls())
    match = finder.find_best_match(REQUIREMENT).best
    if match is None:
        raise UnpackError(f"no package index that pip knows has {REQUIREMENT}")
    return finder.download_and_unpack(match.link, work, work, hashes={"sha256": [SHA256]})


def main() -> None:
    """Put `umqtt/` into .cache/umqtt: all of it, or nothing."""
    TARGET.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=TARGET.parent) as work:
        try:
            unpacked = fetch(Path(work))
        except (UnpackError, HTTPError, OSError) as error:
            problem = f"make: {REQUIREMENT} was not fetched: {error}; is the network there?"
            raise SystemExit(problem) from None
        shutil.rmtree(TARGET, ignore_errors=True)
        TARGET.mkdir()
        # `copy`: with the time of now, which `make` compares, not that of the archive.
        shutil.copytree(unpacked / "umqtt", TARGET / "umqtt", copy_function=shutil.copy)
    print(f"setting up: {REQUIREMENT} fetched", flush=True)


if __name__ == "__main__":
    main()
