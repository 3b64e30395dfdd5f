"""The van's tools at a real pseudo-terminal, with the firmware on both interpreters behind it."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.authority import Authority
from tests.vm import ROOT
from tools.console.port import CollectorPort, PortError, Refused
from tools.console.simulated import simulated_port
from tools.provision.__main__ import main

COLLECTOR = "pk-246f28a1b2c3"
SECRET = "tUx9-green-lamp"
NEW_SECRET = "7Gru-amber-door"
SITE = f"""
site: Elm Street 12
secret: {SECRET}
settings:
  wifi.ssid: meters
  wifi.password: correct horse battery
  mqtt.host: broker
collectors:
  {COLLECTOR}:
    meter.poll_s: 90
    homeassistant: false
  pk-000000000000:
    meter.poll_s: 60
"""
PROFILE = (ROOT / "firmware" / "profiles" / "sdm630.txt").read_bytes()


@pytest.mark.long_on_micropython
def test_a_new_collector_is_provisioned_and_to_repeat_it_changes_nothing(
    vm: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    site, record = tmp_path / "site.yaml", tmp_path / "done.csv"
    site.write_text(SITE + "files: {wall.txt: wall-7.txt}\n")
    (tmp_path / "wall-7.txt").write_bytes(PROFILE)
    with simulated_port(vm) as name:
        command = [str(site), "--port", name, "--csv", str(record)]
        assert main(command) == 0
        assert main(command) == 0
        with CollectorPort(name) as port:
            port.begin()
            with pytest.raises(Refused, match="locked"):
                port.ask("read")
            with pytest.raises(Refused, match="wrong"):
                port.unlock("another-secret")
    with record.open() as lines:
        first, again = csv.DictReader(lines)
    assert (first["collector"], first["board"], first["result"]) == (
        COLLECTOR,
        "esp32_devkit",
        "done",
    )
    assert first["changed"].split() == ["console.secret", "wall.txt", "meter.poll_s"]
    assert (again["result"], again["changed"]) == ("done", "")
    told = capfd.readouterr()
    assert SECRET not in told.out + told.err + record.read_text()


def test_a_collector_that_has_just_what_is_wanted_is_not_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With TLS a stock ESP32 had no room for that: it was configured, and called a failure. It says
    # of the secrets, too, whether they are the same.
    site, record = tmp_path / "site.yaml", tmp_path / "done.csv"
    site.write_text(SITE)
    said: list[str] = []
    ask = CollectorPort.ask

    def asks(port: CollectorPort, line: str, *further: float) -> list[dict]:
        said.append(line)
        return ask(port, line, *further)

    monkeypatch.setattr(CollectorPort, "ask", asks)
    with simulated_port("cpython", "--blank") as name:
        command = [str(site), "--port", name, "--csv", str(record)]
        assert main(command) == 0
        assert said.count("show") == 1  # before anything was stored
        assert main(command) == 0
        assert said.count("show") == 1
        site.write_text(SITE.replace("correct horse", "another horse"))
        assert main([*command, "--renew-secrets"]) == 0
        assert said.count("show") == 2
        assert main([*command, "--renew-secrets"]) == 0
        assert said.count("show") == 2
    with record.open() as lines:
        changed = [row["changed"].split() for row in csv.DictReader(lines)]
    assert "wifi.password" in changed[0] and "wifi.password" in changed[2]
    assert changed[1] == changed[3] == []


@pytest.mark.long_where(vm="cpython")
def test_a_stock_esp32_is_provisioned_with_tls(vm: str, tmp_path: Path) -> None:
    # With TLS it has the least heap: everything was stored, and reading it back was refused.
    site, record = tmp_path / "site.yaml", tmp_path / "done.csv"
    (tmp_path / "ca.pem").write_bytes(Authority().identity.pem)
    (tmp_path / "wall-7.txt").write_bytes(PROFILE)
    settings = "settings:\n  mqtt.tls: true\n  mqtt.port: 8883\n  meter.profile: wall-7\n"
    files = "files: {ca.crt: ca.pem, wall-7.txt: wall-7.txt}\n"
    site.write_text(SITE.replace("settings:\n", settings) + files)
    with simulated_port(vm, "--blank") as name:
        command = [str(site), "--port", name, "--csv", str(record)]
        assert main(command) == 0
        assert main(command) == 0
    with record.open() as lines:
        first, again = csv.DictReader(lines)
    assert {"mqtt.tls", "ca.crt", "wall-7.txt"} <= set(first["changed"].split())
    assert (again["result"], again["changed"]) == ("done", "")


@pytest.mark.long_on_micropython
def test_a_claimed_collector_gets_a_new_secret_once(
    vm: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    # It is proven by the one that it had; each wrong proof makes it wait longer, so one at a time.
    site, record = tmp_path / "site.yaml", tmp_path / "done.csv"
    renewed = f"{{secret: {NEW_SECRET}, previous_secret: {SECRET}}}"
    proofs: list[str] = []
    unlock = CollectorPort.unlock

    def unlocks(port: CollectorPort, secret: str) -> None:
        proofs.append(secret)
        unlock(port, secret)

    monkeypatch.setattr(CollectorPort, "unlock", unlocks)
    with simulated_port(vm) as name:
        command = [str(site), "--port", name, "--csv", str(record)]
        site.write_text(SITE)
        assert main(command) == 0
        site.write_text(SITE + f"own: {{{COLLECTOR}: {renewed}}}\n")
        proofs.clear()
        assert main(command) == 0
        # after each restart, of which a heap without room asks for one more, it is the new one
        assert proofs[:3] == [NEW_SECRET, SECRET, NEW_SECRET]
        assert SECRET not in proofs[3:]
        proofs.clear()
        assert main(command) == 0
        assert set(proofs) == {NEW_SECRET}
        site.write_text(SITE + f"previous_secret: neither-of-them\nown: {{{COLLECTOR}: {{}}}}\n")
        proofs.clear()
        assert main(command) == 1
        assert proofs == [SECRET, "neither-of-them"]
    with record.open() as lines:
        rows = list(csv.DictReader(lines))
    assert rows[1]["changed"] == "console.secret"
    assert (rows[2]["result"], rows[2]["changed"]) == ("done", "")
    assert rows[3]["result"].startswith(f"{COLLECTOR} has neither secret nor previous_secret: ")
    told = capfd.readouterr()
    for secret in (SECRET, NEW_SECRET, "neither-of-them"):
        assert secret not in told.out + told.err + record.read_text()


@pytest.mark.long_where
def test_one_that_was_left_open_gets_it_too(tmp_path: Path) -> None:
    site, record = tmp_path / "site.yaml", tmp_path / "done.csv"
    with simulated_port("cpython") as name:
        command = [str(site), "--port", name, "--csv", str(record)]
        site.write_text(SITE)
        assert main(command) == 0
        with CollectorPort(name) as port:
            port.begin()
            port.unlock(SECRET)
        renewed = SITE.replace(SECRET, NEW_SECRET) + f"previous_secret: {SECRET}\n"
        site.write_text(renewed)
        assert main(command) == 0
        with CollectorPort(name) as port:
            port.begin()
            port.unlock(NEW_SECRET)
            port.ask("read")


def test_a_program_says_lines_and_reads_objects() -> None:
    command = [sys.executable, "-m", "tools.console", "--say", "status", "--say", "nonsense"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    (told,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert told["detail"]["collector"] == COLLECTOR
    assert done.stderr.splitlines()[-1].startswith("error: 'nonsense': there is no such word")


def test_a_port_that_is_not_there_or_silent(tmp_path: Path) -> None:
    with pytest.raises(PortError, match="there is no such port"):
        CollectorPort(str(tmp_path / "ttyUSB0"))
    with simulated_port() as name, CollectorPort(name), pytest.raises(PortError, match="another"):
        CollectorPort(name)
