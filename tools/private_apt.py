"""apt with lists, cache and settings of its own: packages of another suite and architecture.

Nothing on the system changes and no rights are needed. Addresses come from the system's own apt
settings, so a proxy, a local mirror or an offline copy serves here too; signatures are checked
with Debian's archive keys.
"""

import re
import shutil
import subprocess
from collections.abc import Sequence
from itertools import product
from pathlib import Path

KEYRING = "usr/share/keyrings/debian-archive-keyring.gpg"
_INDEX = re.compile(r"^'(?P<mirror>\S+?/)dists/", re.MULTILINE)

# `#clear`: the system's hooks, such as a container's that empty its cache, are not for our folder.
_CONFIG = """
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::State::lists "{folder}/lists";
Dir::State::status "/dev/null";
Dir::Cache "{folder}/cache";
Dir::Etc::sourcelist "{folder}/sources.list";
Dir::Etc::sourceparts "/dev/null";
APT::Architecture "{architecture}";
APT::Architectures "{architecture}";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "1";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
"""


class AptError(Exception):
    """The packages cannot be had; the message says why."""


class PrivateApt:
    """apt that keeps everything in `folder` and knows one architecture.

    Raises AptError where there is no apt.
    """

    def __init__(self, folder: Path, architecture: str) -> None:
        for tool in ("apt-get", "dpkg"):
            if shutil.which(tool) is None:
                raise AptError(f"this machine has no {tool} to fetch it with")
        for name in ("lists/partial", "system/partial", "cache/archives/partial"):
            (folder / name).mkdir(parents=True)
        self._folder = folder
        self._architecture = architecture
        self._config = folder / "apt.conf"
        self._config.write_text(_CONFIG.format(folder=folder, architecture=architecture))

    def mirrors(self) -> list[str]:
        """Addresses that may hold Debian: those the system uses, and a `debian/` beside each."""
        lists = f"-oDir::State::lists={self._folder}/system"
        listing = self._run("apt-get", lists, "update", "--print-uris")
        configured = sorted({found["mirror"] for found in _INDEX.finditer(listing)})
        siblings = [re.sub(r"[^/]+/$", "debian/", mirror) for mirror in configured]
        unique = dict.fromkeys(configured + siblings)
        return sorted(unique, key=lambda mirror: not mirror.endswith("/debian/"))

    def unpack(
        self, packages: Sequence[str], suites: Sequence[str], mirrors: Sequence[str], root: Path
    ) -> None:
        """Unpack `packages` into `root`, of the first suite on the first mirror that has them."""
        failures = []
        for mirror, suite in product(mirrors, suites):
            try:
                self._download(packages, suite, mirror)
            except AptError as error:
                failures.append(str(error))
                continue
            self._unpack_all(self._folder / "cache", root)
            return
        why = failures[0] if failures else "no mirror is configured"
        raise AptError(f"no package mirror of this machine has Debian {suites[0]} ({why})")

    def _download(self, packages: Sequence[str], suite: str, mirror: str) -> None:
        """Download the archives into the cache folder."""
        options = f"arch={self._architecture} signed-by={self._keyring()}"
        (self._folder / "sources.list").write_text(f"deb [{options}] {mirror} {suite} main\n")
        private = ("apt-get", "-c", str(self._config), "-q")
        self._run(*private, "-o", "APT::Update::Error-Mode=any", "update")
        self._run(*private, "download", *packages, cwd=self._folder / "cache")

    def _keyring(self) -> Path:
        """Debian's public keys: the system's, or from a package that its apt trusts."""
        installed = Path("/") / KEYRING
        if installed.exists():
            return installed
        keys = self._folder / "keys"
        if not keys.exists():
            keys.mkdir()
            self._run("apt-get", "-q", "download", "debian-archive-keyring", cwd=keys)
            self._unpack_all(keys, keys)
        return keys / KEYRING

    def _unpack_all(self, archives: Path, root: Path) -> None:
        for archive in archives.glob("*.deb"):
            self._run("dpkg", "-x", str(archive), str(root))

    def _run(self, *command: str, cwd: Path | None = None) -> str:
        """Run a command; its output. AptError has the first thing that it complained of."""
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            errors = [line for line in done.stderr.splitlines() if line.startswith(("E:", "dpkg"))]
            raise AptError((errors or [f"{command[0]} ended with status {done.returncode}"])[0])
        return done.stdout
