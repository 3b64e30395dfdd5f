"""To provision a collector again asks it no more than it has room for."""

import csv
from pathlib import Path

import pytest

from tests.integration.elm_street import SITE
from tools.console.port import CollectorPort
from tools.console.simulated import simulated_port
from tools.provision.__main__ import main


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
