"""The picture of a session is of one that was held, and needs nothing of a network."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.vm import ROOT
from tools.console import picture

NAMESPACE = "http://www.w3.org/2000/svg"
BYTES_MAX = 60_000


def shown(path: Path) -> str:
    """What a reader sees; nothing in the file leads elsewhere."""
    drawn = path.read_text(encoding="utf-8")
    assert len(drawn) < BYTES_MAX
    assert set(re.findall(r"\w+://[^\"')\s]*", drawn)) == {NAMESPACE}
    assert "@import" not in drawn and "@font-face" not in drawn
    texts = ElementTree.fromstring(drawn).iter(f"{{{NAMESPACE}}}text")
    return "\n".join(each.text or "" for each in texts).replace("\N{NO-BREAK SPACE}", " ")


def test_a_session_is_drawn_as_it_was_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture, "SETTLED_S", 0)  # for these lines it needs no broker
    output = tmp_path / "session.svg"
    said = ("ping", "set meter.poll_s 5000", "time")
    lines = [word for line in said for word in ("--say", line)]
    assert picture.main([str(output), *lines]) == 0
    told = shown(output)
    places = [told.index(f"pulsekeep> \n{line}\n") for line in said]
    assert places == sorted(places)
    assert "meter.poll_s: 5000 is wrong; must be an integer from 1 to 3600" in told
    assert re.search(r"\n  uptime_s \d+\n", told) and re.search(r"\n  trusted (yes|no)\n", told)


def test_the_one_that_is_kept_has_what_is_said() -> None:
    told = shown(ROOT / "TECHNICIAN.svg")
    assert all(f"pulsekeep> \n{line}\n" in told for line in picture.LINES)
