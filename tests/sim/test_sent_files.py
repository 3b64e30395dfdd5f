"""Files that are sent to site/ over the console: whole and good, or the one before stays."""

import base64
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from host_sim.models.house import House
from host_sim.scenario import Scenario
from host_sim.simulation import Simulation
from tests.integration.authority import Authority
from tests.sim.bench import START_S, event_types
from tests.sim.visitor import Visitor, wait
from tests.vm import FIRMWARE

C3 = "esp32_c3_devkit"  # has room for everything


def sent(name: str, content: bytes) -> list[str]:
    """The lines that bring a file."""
    lines = [f"file {name} {len(content)} {hashlib.sha256(content).hexdigest()}"]
    for begin in range(0, len(content), 150):
        part = base64.b64encode(content[begin : begin + 150]).decode()
        lines.append(f"part {begin} {part}")
    return lines


def with_files(vm: str, site: Path, *lines: str | Callable) -> Visitor:
    """A collector whose file system keeps what is sent."""
    site.mkdir(exist_ok=True)
    settings = {"meter.poll_s": 300}
    scenario = Scenario(House(1, START_S), 1, 2, C3, settings=settings, site=site)
    visitor = Visitor(Simulation(scenario, vm), 120, *lines)
    visitor.simulation.run()
    return visitor


def test_a_profile_is_sent_and_used(vm: str, tmp_path: Path) -> None:
    profile = (FIRMWARE / "profiles" / "sdm630.txt").read_bytes()
    lines = sent("wall-7.txt", profile)
    again = [*lines[:3], *lines[1:]]  # of a part nobody knows whether it came
    set_it = ("set meter.profile wall-7", wait(60), "reboot", wait(60), "show meter", "meter")
    visitor = with_files(vm, tmp_path / "site", *again, *set_it)
    assert "stored site/wall-7.txt" in visitor.answers(lines[-1])[0]
    assert "meter.profile=wall-7" in visitor.answers("show meter")[0]
    assert "name=electricity_delivered" in visitor.answers("meter")[0]
    assert event_types(visitor.simulation).count("config_set") == 2
    assert "config_rejected" not in event_types(visitor.simulation)


def test_a_file_is_good_or_is_not_stored(vm: str, tmp_path: Path) -> None:
    profile = (FIRMWARE / "profiles" / "sdm630.txt").read_bytes()
    authority = Authority().identity.der
    damaged = sent("ca.crt", authority)
    damaged[0] = damaged[0].replace(hashlib.sha256(authority).hexdigest(), "0" * 64)
    wrong = sent("ca.crt", b"no certificate")
    bad = sent("my.txt", profile.replace(b"float32", b"flaot32"))
    other = ("file ../main.py 5 " + "0" * 64, "file ca.crt 7000 " + "0" * 64, "part 0 !")
    gap = (sent("ca.crt", authority)[0], sent("ca.crt", authority)[2])
    visitor = with_files(vm, tmp_path / "site", *damaged, *wrong, *bad, *other, *gap, "part 0 !")
    assert "damaged on the way" in visitor.answers(damaged[-1])[0]
    assert "is no certificate" in visitor.answers(wrong[-1])[0]
    assert "unknown type 'flaot32'" in visitor.answers(bad[-1])[0]
    assert "or a profile's name.txt" in visitor.answers(other[0])[0]
    assert "from 1 to 6144 bytes" in visitor.answers(other[1])[0]
    assert "of what?" in visitor.answers(other[2])[0]
    assert "0 of" in visitor.answers(gap[1])[-1]
    assert "in base64" in visitor.answers("part 0 !")[1]
    assert "config_set" not in event_types(visitor.simulation)
    assert "task_failed" not in event_types(visitor.simulation)


@pytest.mark.long_on_micropython
def test_a_factory_reset_takes_them_along(vm: str, tmp_path: Path) -> None:
    # A board that goes to somebody else had the private key on it.
    site = tmp_path / "site"
    site.mkdir()
    (site / "collector.key").write_bytes(Authority().identity.key_der)
    (site / "wall-7.txt").write_bytes((FIRMWARE / "profiles" / "sdm630.txt").read_bytes())

    def reset(visitor: Visitor) -> str:
        return f"factory-reset {visitor.objects('status')[0]['detail']['collector']}"

    lines = (
        "json on",
        "status",
        "file",
        "factory-reset",
        "file ",
        reset,
        wait(60),
        "file",
        "time",
    )
    visitor = with_files(vm, site, *lines)
    before, after = visitor.answers("file")
    assert "collector.key" in before and "collector.key" in visitor.answers("file ")[0]
    assert "collector.key" not in after and "wall-7" not in after
    assert "done" in after
