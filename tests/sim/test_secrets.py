"""Passwords and keys go into the collector and never come out: not in what it prints, publishes or
writes down.
"""

from pathlib import Path

import pytest

from host_sim.models.house import House
from host_sim.scenario import HOUR_US, Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import START_S

pytestmark = pytest.mark.long_twin

SECRETS = {
    "wifi.password": "correct horse battery",
    "mqtt.password": "tell-nobody-7391",
}
KEY = b"-----BEGIN PRIVATE KEY-----\ndGVsbC1ub2JvZHktNDQxMw==\n-----END PRIVATE KEY-----\n"


def lived(vm: str, monkeypatch: pytest.MonkeyPatch, **further) -> tuple[Simulation, bytes]:
    """Three hours, the first without being let in, and all that came out of the collector."""
    monkeypatch.setattr("host_sim.process.CONSOLE_TAIL_BYTES", 1 << 20)
    simulation = Simulation(Scenario(House(1, START_S), 1, hours=3, **further), vm)
    simulation.broker.refuse_code = 4
    simulation.world.at(HOUR_US, lambda: setattr(simulation.broker, "refuse_code", 0))
    simulation.run()
    out = [entry.data for entry in simulation.trace.entries]
    out += [life.console.encode() for life in simulation.collector.lives]
    return simulation, b"\n".join(out)


def test_passwords(vm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # With mistakes beside them that are told, and a broker that does not let the collector in.
    settings = {"mqtt.user": "somebody", "meter.poll_s": 0, "no.such.key": 1} | SECRETS
    simulation, out = lived(vm, monkeypatch, settings=settings)
    assert simulation.trace.published("status") and b"refuses this collector" in out
    assert b"meter.poll_s: 0 is wrong" in out
    assert not [key for key, secret in SECRETS.items() if secret.encode() in out]


def test_a_password_that_is_wrong_itself(vm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"mqtt.password": ["tell-nobody-7391"]}
    _, out = lived(vm, monkeypatch, settings=settings)
    assert b"mqtt.password: this value is wrong" in out
    assert b"tell-nobody" not in out


@pytest.mark.long_on_micropython
def test_a_key_that_is_wrong(vm: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("ca.crt", "collector.crt", "collector.key"):
        (tmp_path / name).write_bytes(KEY)
    _, out = lived(vm, monkeypatch, settings={"mqtt.tls": True}, site=tmp_path)
    assert b"mqtt.tls: site/ca.crt is no certificate" in out
    assert b"dGVsbC1ub2JvZHktNDQxMw" not in out and b"PRIVATE" not in out
