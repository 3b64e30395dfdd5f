"""The van's tools at a real pseudo-terminal, with the firmware on both interpreters behind it."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.authority import Authority
from tests.integration.elm_street import COLLECTOR, SECRET, SITE
from tests.vm import ROOT
from tools.console.port import CollectorPort, PortError, Refused
from tools.console.simulated import simulated_port
from tools.provision.__main__ import main

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
