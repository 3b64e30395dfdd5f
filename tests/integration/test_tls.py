"""The uplink in TLS, with a real mosquitto: who cannot prove to be the broker hears nothing."""

from pathlib import Path

import pytest

from host_sim.audit import audit
from host_sim.clocks import RealClock, ScaledClock
from host_sim.models.house import House
from host_sim.run import head_end
from host_sim.scenario import Scenario
from host_sim.simulation import Endpoint, Simulation
from tests.integration.authority import Authority
from tests.integration.secure_broker import HOST, secure_broker
from tests.sim.bench import COLLECTOR, START_S
from tools.headend.ledger import Ledger

SCALE = 20_000


def site(folder: Path, **files: bytes) -> Path:
    """What is put onto the board."""
    place = folder / "site"
    place.mkdir()
    for name, data in files.items():
        (place / name.replace("_", ".")).write_bytes(data)
    return place


def test_books_close_over_tls(vm: str, tmp_path: Path) -> None:
    authority = Authority()
    database = tmp_path / "headend.sqlite"
    with (
        secure_broker(tmp_path, authority, authority.sign("broker", HOST)) as (broker, port),
        head_end(Endpoint(broker.host, broker.port), database),
    ):
        scenario = Scenario(
            House(3, START_S),
            3,
            hours=6,
            settings={"mqtt.tls": True, "mqtt.keepalive_s": 3600},
            site=site(tmp_path, ca_crt=authority.identity.der),
        )
        simulation = Simulation(scenario, vm, ScaledClock(SCALE), Endpoint(HOST, port))
        simulation.run()
        ledger = Ledger(database)
        result = audit(simulation, ledger, COLLECTOR)
    print(simulation.collector.lives[-1].console)
    assert result.closes, result.remarks
    assert result.kept == 24
