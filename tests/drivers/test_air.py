"""The networks in the air, as the station hears them: over the shim, in the world."""

from pathlib import Path

import pytest

from host_sim.models.house import House
from host_sim.scenario import SSID, Fault, Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import START_S

SECOND_US = 1_000_000
# runs instead of the firmware: `from drivers import air` on either Python
PROGRAM = """
import network, time
from drivers import air

wlan = network.WLAN(network.STA_IF)
print("off:", air.heard(), wlan.active())
time.sleep_ms(2000)
print("away:", air.heard())
time.sleep_ms(5000)
wlan.active(True)
wlan.connect("meters", "wrong")
try:
    print("heard:", air.heard())
except OSError:
    print("joining:", wlan.active())
"""


def test_networks_in_the_air(vm: str, tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    away = Fault(2 * SECOND_US, "access_point", 5 * SECOND_US)
    scenario = Scenario(House(1, START_S), 1, 0, faults=(away,), grace_us=20 * SECOND_US)
    simulation = Simulation(scenario, vm, scripts=[script])
    simulation.run()
    assert simulation.collector.lives[0].console.splitlines() == [
        f"off: [('{SSID}', {simulation.access_point.rssi_dbm})] False",
        "away: []",
        "joining: True",
    ]


def test_it_takes_the_time_of_a_scan(vm: str, tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(
        "import time\nfrom drivers import air\nbegan_ms = time.ticks_ms()\nair.heard()\n"
        "print(time.ticks_diff(time.ticks_ms(), began_ms))\n"
    )
    simulation = Simulation(
        Scenario(House(1, START_S), 1, 0, grace_us=10 * SECOND_US), vm, scripts=[script]
    )
    simulation.run()
    assert int(simulation.collector.lives[0].console) == pytest.approx(1560, abs=1)
