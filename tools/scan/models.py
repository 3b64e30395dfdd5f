"""The meter models to tell apart: the firmware's profiles, and a technician's own."""

from pathlib import Path
from typing import NamedTuple

from tools.firmware_path import FIRMWARE
from tools.scan.settings import Settings

from lib.profile import Profile, ProfileError  # isort: skip
from lib.profile_text import load  # isort: skip

BUILT_IN = FIRMWARE / "profiles"
_PARITIES = {None: "N", 0: "E", 1: "O"}  # machine.UART's word for it, and ours


class Model(NamedTuple):
    """A profile and the name of its file."""

    name: str
    profile: Profile

    @property
    def settings(self) -> Settings:
        """As the meter leaves the factory."""
        profile = self.profile
        return Settings(profile.baud_bps, _PARITIES[profile.parity], profile.stop_bits)


def load_models(folders: list[Path]) -> list[Model]:
    """The built-in profiles and those of `folders`; of one name the last counts, as on the board.

    ProfileError tells file, line and mistake.
    """
    found = {}
    for folder in (BUILT_IN, *folders):
        paths = sorted(folder.glob("*.txt"))
        if not paths:
            raise ProfileError(f"{folder}: no profile (*.txt) there")
        for path in paths:
            with path.open(encoding="utf-8", errors="replace") as text:
                found[path.stem] = Model(path.stem, load(text, path.name))
    return list(found.values())
