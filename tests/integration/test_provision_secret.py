"""Secrets that a site file has: a collector that is claimed gets a new one, once."""

import csv
from pathlib import Path

import pytest

from tests.integration.elm_street import COLLECTOR, SECRET, SITE
from tools.console.port import CollectorPort
from tools.console.simulated import simulated_port
from tools.provision.__main__ import main

NEW_SECRET = "7Gru-amber-door"


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
