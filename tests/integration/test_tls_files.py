"""Certificates that are missing or wrong, and a wrong wish for TLS: never in the clear, and it
meters on.
"""

from pathlib import Path

import pytest

from tests.integration.authority import Authority
from tests.integration.secure_broker import HOST
from tests.integration.tls_bench import check_silent, console, met, sent
from tools.broker import Broker


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """What a technician puts onto the board."""
    folder = tmp_path / "site"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def authority() -> Authority:
    """Whom the collector trusts."""
    return Authority()


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "no site/ca.crt: put the certificate there that signs the broker's"),
        ({"ca.crt": b"nonsense"}, "site/ca.crt is no certificate"),
        ({"ca.crt": b""}, "site/ca.crt is no certificate"),
        ({"ca.crt": b"x" * 7000}, "site/ca.crt has more than 6144 bytes"),
        ({"collector.crt": b"x"}, "of site/collector.crt and site/collector.key one is missing"),
        (
            {"collector.crt": b"x", "collector.key": b"y"},
            "site/collector.crt or site/collector.key is wrong",
        ),
    ],
)
def test_files_that_are_missing_or_wrong(
    vm: str, files: dict[str, bytes], told: str, authority: Authority, site: Path
) -> None:
    # It meters on, and connects to nobody: the broker is not even asked.
    if "collector.crt" in files:
        files = {"ca.crt": authority.identity.pem} | files
    for name, data in files.items():
        (site / name).write_bytes(data)
    simulation = met(vm, 1883, site)
    said = console(simulation)
    assert f"configuration: mqtt.tls: {told}" in said
    assert f"uplink: {HOST}:1883: mqtt.tls: {told}" in said
    assert sent(simulation) == b""
    assert any(entry.kind.startswith("program journal") for entry in simulation.trace.entries)


def test_a_wrong_value_is_not_taken_for_no(vm: str, authority: Authority, site: Path) -> None:
    # A wrong value falls back to the default. Here that would be the clear: TLS instead.
    (site / "ca.crt").write_bytes(authority.identity.pem)
    with Broker.start() as broker:
        simulation = met(vm, broker.port, site, broker.host, settings={"mqtt.tls": "yes"})
    assert 'mqtt.tls: "yes" is wrong; must be false or true' in console(simulation)
    check_silent(simulation)
