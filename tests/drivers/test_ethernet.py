"""drivers.ethernet over the shim: the cable is in, out, and in again."""

from pathlib import Path

import pytest

from host_sim.models.house import House
from host_sim.scenario import HOUR_US, Fault, Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import START_S, audited

SECOND_US = 1_000_000
BOARD = "olimex_esp32_poe_iso"
# runs instead of the firmware: `from drivers import ethernet` on either Python
PROGRAM = """
import asyncio
import network
from machine import Pin
from drivers import ethernet

pins = {"mdc": 23, "mdio": 18, "power": 12, "ref_clk": 17}
pins = {name: Pin(number) for name, number in pins.items()}
phy = {"phy_type": network.PHY_LAN8720, "phy_addr": 0, "ref_clk_mode": Pin.OUT}

async def main():
    wire = ethernet.Ethernet(network.LAN(**pins, **phy))
    print(wire.is_up(), await wire.join(5000), wire.name_server(), wire.rssi_dbm())
    await asyncio.sleep_ms(20000)
    print(wire.is_up(), await wire.join(5000))
    wire.restart()
    print(wire.is_up())
    await asyncio.sleep_ms(20000)
    print(wire.is_up(), await wire.join(5000))
    try:
        network.LAN(**dict(pins, ref_clk=Pin(0)), **phy)
    except OSError as error:
        print(error)

asyncio.run(main())
"""


def test_the_cable_is_in_and_out(vm: str, tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    away = Fault(10 * SECOND_US, "access_point", 25 * SECOND_US)
    scenario = Scenario(
        House(1, START_S), 1, 0, board=BOARD, faults=(away,), grace_us=100 * SECOND_US
    )
    simulation = Simulation(scenario, vm, scripts=[script])
    simulation.run()
    assert simulation.collector.lives[0].console.splitlines() == [
        "False True 192.0.2.1 None",
        "False False",
        "False",
        "False True",
        "esp_eth_driver_install() failed",
    ]


@pytest.mark.parametrize("vm", ["cpython"], indirect=True)
def test_everything_arrives_over_a_cable_that_is_out_for_hours(vm: str) -> None:
    away = Fault(2 * HOUR_US, "access_point", 3 * HOUR_US)
    settings = {"meter.poll_s": 900, "wifi.ssid": "not this one"}
    scenario = Scenario(House(1, START_S), 1, 8, settings=settings, board=BOARD, faults=(away,))
    simulation = Simulation(scenario, vm)
    simulation.run()
    assert audited(simulation).closes, audited(simulation).remarks
    assert audited(simulation).kept == 4 * 8
