"""A collector that is to speak TLS: what is put onto its board, how it fares, and what it says."""

from pathlib import Path
from typing import Any

from host_sim.clocks import ScaledClock
from host_sim.models.house import House
from host_sim.scenario import Scenario
from host_sim.simulation import Endpoint, Simulation
from tests.integration.authority import Authority, Identity
from tests.integration.secure_broker import HOST
from tests.sim.bench import START_S

SCALE = 20_000
PASSWORD = "tell-nobody-7391"
# What a packet in the clear would have: MQTT's own name, a topic, the password.
SAID = (b"MQTT", b"ami/", PASSWORD.encode())


def put(site: Path, authority: Authority, own: Identity | None) -> None:
    """The CA, and a certificate of the collector's own."""
    (site / "ca.crt").write_bytes(authority.identity.der)
    if own:
        (site / "collector.crt").write_bytes(own.der)
        (site / "collector.key").write_bytes(own.key_der)


def settled(site: Path, hours: int, grace_us: int = 300_000_000, **further: Any) -> Scenario:
    """A collector that is to speak TLS. No ping disturbs: each holds the time for a moment."""
    settings = {"mqtt.tls": True, "mqtt.keepalive_s": 3600, "mqtt.password": PASSWORD}
    # a stock image has no room for leak rules beside TLS
    settings |= {"mqtt.user": "somebody", "water.leak": ""} | further.pop("settings", {})
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


def check_silent(simulation: Simulation) -> None:
    """Nothing of MQTT was said, neither in the clear nor in TLS: no record but of handshakes."""
    said = sent(simulation)
    assert not any(word in said for word in SAID)
    place, kinds = 0, set()
    while place < len(said):
        kinds.add(said[place])
        place += 5 + int.from_bytes(said[place + 3 : place + 5], "big")
    assert kinds <= {20, 21, 22}, "application data before the broker was believed"
