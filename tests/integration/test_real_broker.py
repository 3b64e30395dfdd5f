"""Real parts: the firmware on each interpreter, a real broker on loopback, the head-end in a
process of its own.
"""

import shutil
from pathlib import Path

import pytest

from host_sim.audit import audit
from host_sim.clocks import RealClock, ScaledClock
from host_sim.models.house import House
from host_sim.run import await_delivery, head_end
from host_sim.scenario import Scenario
from host_sim.simulation import Endpoint, Simulation
from tests.sim.bench import COLLECTOR, START_S
from tools.broker import Broker
from tools.headend.ledger import Ledger

SCALE = 20_000


@pytest.mark.long_on_micropython(kind="amqtt")
@pytest.mark.parametrize("kind", ["mosquitto", "amqtt"])
def test_books_close_over_a_real_broker(vm: str, kind: str, tmp_path: Path) -> None:
    if kind == "mosquitto" and not shutil.which(
        "mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin"
    ):
        pytest.skip("NOT TESTED with mosquitto: it is not installed")
    database = tmp_path / "headend.sqlite"
    with (
        Broker.start(prefer=kind) as broker,
        head_end(Endpoint(broker.host, broker.port), database),
    ):
        endpoint = Endpoint(broker.host, broker.port)
        simulation = Simulation(
            Scenario(House(3, START_S), 3, hours=12), vm, ScaledClock(SCALE), endpoint
        )
        simulation.run()
        ledger = Ledger(database)
        await_delivery(ledger, simulation)
        result = audit(simulation, ledger, COLLECTOR)
    assert result.closes, result.remarks
    assert result.kept == 48


@pytest.mark.long_on_micropython
def test_the_real_clock(vm: str) -> None:
    # Four seconds of the collector's life take four of ours: Wi-Fi joins, the broker takes the
    # birth message.
    with Broker.start() as broker:
        scenario = Scenario(House(3, START_S), 3, hours=0, grace_us=4_000_000)
        simulation = Simulation(scenario, vm, RealClock(), Endpoint(broker.host, broker.port))
        simulation.run()
    assert simulation.trace.published("status")
