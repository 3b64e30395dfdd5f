"""The uplink in TLS, with a real mosquitto: who cannot prove to be the broker hears nothing."""

import shutil
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from host_sim.audit import Audit, audit
from host_sim.clocks import ScaledClock
from host_sim.models.house import House
from host_sim.run import POLL_S, head_end
from host_sim.scenario import HOUR_US, Scenario, true_time
from host_sim.simulation import Endpoint, Simulation
from tests.integration.authority import Authority, Identity
from tests.integration.secure_broker import HOST, secure_broker
from tests.sim.bench import COLLECTOR, START_S
from tools.broker import Broker
from tools.headend.ledger import Ledger

SCALE = 20_000
PASSWORD = "tell-nobody-7391"
# What a packet in the clear would have: MQTT's own name, a topic, the password.
SAID = (b"MQTT", b"ami/", PASSWORD.encode())
EXPIRED = datetime(2025, 1, 1, tzinfo=UTC)
BACKOFF_US = 400_000_000  # firmware/uplink.py: five minutes, and a third more
DEADLINE_S = 20


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


def settled(site: Path, hours: int, grace_us: int = 300_000_000, **further: Any) -> Scenario:
    """A collector that is to speak TLS. No ping disturbs: each holds the time for a moment."""
    settings = {"mqtt.tls": True, "mqtt.keepalive_s": 3600, "mqtt.password": PASSWORD}
    settings |= {"mqtt.user": "somebody"} | further.pop("settings", {})
    house = House(3, START_S)
    return Scenario(
        house, 3, hours=hours, grace_us=grace_us, settings=settings, site=site, **further
    )


def met(vm: str, port: int, site: Path, host: str = HOST, **further: Any) -> Simulation:
    """Twelve seconds of the collector's life: it tries two or three times."""
    scenario = settled(site, 0, 12_000_000, **further)
    simulation = Simulation(scenario, vm, ScaledClock(20), Endpoint(host, port))
    simulation.run()
    return simulation


def console(simulation: Simulation) -> str:
    """What the technician at the board reads; the collector must have lived through it."""
    (life,) = simulation.collector.lives
    assert life.ending == "end of run"
    assert "Traceback" not in life.console
    return life.console


def sent(simulation: Simulation) -> bytes:
    """All that left the collector."""
    return b"".join(entry.data for entry in simulation.trace.entries if entry.kind == "sent")


def audited(simulation: Simulation, database: Path) -> Audit:
    """The books, when what has reached the broker is in them."""
    deadline_s = time.monotonic() + DEADLINE_S
    ledger = Ledger(database)
    while True:
        result = audit(simulation, ledger, COLLECTOR)
        if result.closes or time.monotonic() > deadline_s:
            return result
        time.sleep(POLL_S)


def check_silent(simulation: Simulation) -> None:
    """Nothing of MQTT was said, neither in the clear nor in TLS: no record but of handshakes."""
    said = sent(simulation)
    assert not any(word in said for word in SAID)
    place, kinds = 0, set()
    while place < len(said):
        kinds.add(said[place])
        place += 5 + int.from_bytes(said[place + 3 : place + 5], "big")
    assert kinds <= {20, 21, 22}, "application data before the broker was believed"


@pytest.mark.parametrize("form", ["pem", "der"])
def test_books_close_over_tls(
    vm: str, form: str, authority: Authority, site: Path, tmp_path: Path
) -> None:
    # The whole way: time first, then TLS; every interval arrives once, and nothing can be read.
    (site / "ca.crt").write_bytes(getattr(authority.identity, form))
    database = tmp_path / "headend.sqlite"
    with (
        secure_broker(tmp_path, authority, authority.sign("broker", HOST)) as (broker, port),
        head_end(Endpoint(broker.host, broker.port), database),
    ):
        clock = ScaledClock(SCALE)
        simulation = Simulation(settled(site, 6), vm, clock, Endpoint(HOST, port))
        simulation.run()
        result = audited(simulation, database)
    assert result.closes, result.remarks
    assert result.kept == 24
    said = sent(simulation)
    assert len(said) > 2000
    assert not any(word in said for word in SAID)


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        ("wrong CA", "not correctly signed by the trusted CA"),
        ("wrong host", "does not match with the expected CN"),
        ("expired", "validity has expired"),
        ("early", "validity starts in the future"),
    ],
)
def test_who_cannot_prove_to_be_the_broker_hears_nothing(
    vm: str, mistake: str, told: str, authority: Authority, site: Path, tmp_path: Path
) -> None:
    (site / "ca.crt").write_bytes(authority.identity.pem)
    liar = Authority(name="the utility's CA") if mistake == "wrong CA" else authority
    identity = liar.sign(
        "broker",
        "other.example" if mistake == "wrong host" else HOST,
        since=datetime(2026, 3, 3, tzinfo=UTC) if mistake == "early" else EXPIRED.replace(2024),
        until=EXPIRED if mistake == "expired" else EXPIRED.replace(2090),
    )
    with secure_broker(tmp_path, authority, identity) as (_, port):
        simulation = met(vm, port, site)
    said = console(simulation)
    assert f"uplink: {HOST}:{port}: its certificate is refused: " in said
    assert told in said
    assert sent(simulation), "nobody was asked"
    check_silent(simulation)


def test_a_broker_in_the_clear_hears_nothing(vm: str, authority: Authority, site: Path) -> None:
    # Somebody answers at that port, but speaks MQTT only: no way back to it.
    (site / "ca.crt").write_bytes(authority.identity.pem)
    with Broker.start() as broker:
        simulation = met(vm, broker.port, site, broker.host)
    assert "uplink: " in console(simulation)
    check_silent(simulation)


def put(site: Path, authority: Authority, own: Identity | None) -> None:
    """The CA, and a certificate of the collector's own."""
    (site / "ca.crt").write_bytes(authority.identity.der)
    if own:
        (site / "collector.crt").write_bytes(own.der)
        (site / "collector.key").write_bytes(own.key_der)


@pytest.mark.parametrize("whose", ["its own", "none", "a stranger's"])
def test_a_certificate_of_the_collector(
    vm: str, whose: str, authority: Authority, site: Path, tmp_path: Path
) -> None:
    # The broker wants to know who comes, too.
    stranger = Authority("nobody's CA")
    own = {"its own": authority.sign(COLLECTOR), "a stranger's": stranger.sign(COLLECTOR)}
    put(site, authority, own.get(whose))
    server = authority.sign("broker", HOST)
    with secure_broker(tmp_path, authority, server, "require_certificate true") as (_, port):
        simulation = met(vm, port, site)
    said = console(simulation)
    if whose == "its own":
        assert said == ""
        assert b"\x17\x03\x03" in sent(simulation)
    else:
        assert f"uplink: {HOST}:{port}: it ends TLS; does it want a certificate" in said


@pytest.mark.parametrize("password", [PASSWORD, "wrong"])
def test_user_and_password(
    vm: str, password: str, authority: Authority, site: Path, tmp_path: Path
) -> None:
    put(site, authority, None)
    users = tmp_path / "users"
    program = shutil.which("mosquitto_passwd") or pytest.skip("NOT TESTED: no mosquitto_passwd")
    subprocess.run([program, "-c", "-b", users, "somebody", password], check=True)
    users.chmod(0o644)
    server = authority.sign("broker", HOST)
    settings = ("allow_anonymous false", f"password_file {users}")
    with secure_broker(tmp_path, authority, server, *settings) as (_, port):
        simulation = met(vm, port, site)
    refused = f"uplink: {HOST}:{port} refuses this collector (code 5)"
    assert (refused in console(simulation)) == (password == "wrong")


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


def test_without_the_time_nobody_is_asked(
    vm: str, authority: Authority, site: Path, tmp_path: Path
) -> None:
    # No time server answers for two hours: no certificate can be held against its dates, and none
    # is believed without. It meters on; when one answers, the next try succeeds and all arrives.
    put(site, authority, None)
    silent_us = 2 * HOUR_US

    def servers(host: str, unix_us: int) -> int | None:
        return true_time(host, unix_us) if unix_us > START_S * 1_000_000 + silent_us else None

    database = tmp_path / "headend.sqlite"
    with (
        secure_broker(tmp_path, authority, authority.sign("broker", HOST)) as (broker, port),
        head_end(Endpoint(broker.host, broker.port), database),
    ):
        scenario = settled(site, 4, time_servers=servers)
        simulation = Simulation(scenario, vm, ScaledClock(SCALE), Endpoint(HOST, port))
        simulation.run()
        result = audited(simulation, database)
    assert result.closes, result.remarks
    assert "mqtt.tls waits for the time" in console(simulation)
    first_us = next(e.at_us for e in simulation.trace.entries if e.kind == "sent")
    assert silent_us < first_us < silent_us + BACKOFF_US
