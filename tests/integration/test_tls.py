"""The uplink in TLS, with a real mosquitto: who cannot prove to be the broker hears nothing."""

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from host_sim.audit import CONTACT_US
from host_sim.clocks import ScaledClock
from host_sim.models.taps import Taps
from host_sim.run import await_books, head_end
from host_sim.scenario import HOUR_US, true_time
from host_sim.simulation import Endpoint, Simulation
from tests.integration.authority import Authority
from tests.integration.secure_broker import HOST, secure_broker
from tests.integration.tls_bench import (
    PASSWORD,
    SAID,
    SCALE,
    check_silent,
    console,
    met,
    put,
    sent,
    settled,
)
from tests.sim.bench import COLLECTOR, START_S
from tests.sim.link_oracle import journal
from tests.sim.visitor import Visitor
from tools.broker import Broker
from tools.headend.ledger import Ledger
from tools.journal.words import Words

pytestmark = pytest.mark.long_twin

SECOND_US = 1_000_000
WATER = 2  # its place in a record of registers
EXPIRED = datetime(2025, 1, 1, tzinfo=UTC)
BACKOFF_US = 400_000_000  # firmware/uplink.py: five minutes, and a third more


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


@pytest.mark.long_where(vm="cpython")
def test_books_close_over_tls(vm: str, authority: Authority, site: Path, tmp_path: Path) -> None:
    # The whole way: time first, then TLS; every interval arrives once, and nothing can be read.
    (site / "ca.crt").write_bytes(authority.identity.pem)
    database = tmp_path / "headend.sqlite"
    with (
        secure_broker(tmp_path, authority, authority.sign("broker", HOST)) as (broker, port),
        head_end(Endpoint(broker.host, broker.port), database),
    ):
        clock = ScaledClock(SCALE)
        simulation = Simulation(settled(site, 6), vm, clock, Endpoint(HOST, port))
        simulation.run()
        result = await_books(Ledger(database), simulation)
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


def test_what_was_counted_is_saved_before_hands_are_shaken(
    vm: str, authority: Authority, site: Path, tmp_path: Path
) -> None:
    # Nothing sees mains go while the chip computes. Two litres a second, and no other reason to
    # save so early: whatever came before the collector said its first word is in flash.
    put(site, authority, None)
    pulses_us = [nth * SECOND_US // 2 for nth in range(1, 24)]
    with secure_broker(tmp_path, authority, authority.sign("broker", HOST)) as (_, port):
        plan = settled(site, 0, 12_000_000, settings={"checkpoint_pulses": 250})
        plan = replace(plan, home=Taps(pulses_us))
        simulation = Simulation(plan, vm, ScaledClock(20), Endpoint(HOST, port))
        simulation.run()
    words = Words()
    told = [words.describe(entry) for entry in journal(simulation)]
    saved_l = [since[WATER] for detail in told if isinstance(since := detail.get("since"), list)]
    first_us = next(entry.at_us for entry in simulation.trace.entries if entry.kind == "sent")
    counted = sum(at_us < first_us - CONTACT_US for at_us in pulses_us)
    assert counted >= 4
    assert max(saved_l) >= counted


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


@pytest.mark.long_on_micropython
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
        result = await_books(Ledger(database), simulation)
    assert result.closes, result.remarks
    assert "mqtt.tls waits for the time" in console(simulation)
    first_us = next(e.at_us for e in simulation.trace.entries if e.kind == "sent")
    assert silent_us < first_us < silent_us + BACKOFF_US


@pytest.mark.parametrize("trusts_it", [True, False])
def test_a_technician_hears_whether_there_is_tls(
    vm: str, authority: Authority, site: Path, tmp_path: Path, trusts_it: bool
) -> None:
    # A stock ESP32, which has little heap beside TLS, is examined; once the broker's certificate
    # is signed by another CA than the one that was put here.
    (site / "ca.crt").write_bytes((authority if trusts_it else Authority()).identity.pem)
    with (
        secure_broker(tmp_path, authority, authority.sign("broker", HOST)) as (broker, port),
        head_end(Endpoint(broker.host, broker.port), tmp_path / "headend.sqlite"),
    ):
        clock = ScaledClock(60)
        simulation = Simulation(settled(site, 0), vm, clock, Endpoint(HOST, port))
        visitor = Visitor(simulation, 60, "json on", "show", "events", "commission")
        visitor.patience_us = 120 * SECOND_US
        simulation.run()
    assert "no room" not in str(visitor.said)
    *told, done = visitor.objects("commission")
    checks = {each["check"]["check"]: each["check"] for each in told}
    assert done["detail"]["code"]
    assert checks["tls"]["ok"] == checks["head_end"]["ok"] == trusts_it
    assert trusts_it or "not correctly signed" in checks["tls"]["do"]
