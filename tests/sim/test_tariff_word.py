"""The registers by period, as a technician reads them."""

from host_sim.models.house import House
from host_sim.scenario import Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import collector_of, ledger_of
from tests.sim.test_period_registers import START_S, registers_of
from tests.sim.visitor import Visitor
from tests.tools.rate_plans import city, schedules
from tools.headend.almanac import Almanacs


def test_what_a_dial_had_before_is_of_no_period(vm: str) -> None:
    # All parts together stay the register.
    scenario = Scenario(
        House(1, START_S),
        1,
        24,
        board="esp32_c3_devkit",
        settings={"meter.poll_s": 900, "tariff.registers": True},
        tariff=Almanacs(schedules(city())),
    )
    simulation = Simulation(scenario, vm)
    Visitor(simulation, 600, "set water.opening 4711")
    late = Visitor(simulation, 86_400 - 1800, "json on", "tariff", "read")
    simulation.run()
    *rows, done = late.objects("tariff")
    told_of = {each["register"].pop("channel"): each["register"] for each in rows}
    assert done["detail"]["version"] == 1 and not done["detail"]["assumed"]
    assert told_of["water"]["apart"] >= 4711
    assert sum(told_of["water"].values()) <= late.objects("read")[0]["detail"]["water"]
    assert any(each.startswith("p") for each in told_of["electricity_delivered"])
    registers = registers_of(simulation)["water"]
    assert registers[-1].amounts[8] >= 4711
    assert not ledger_of(simulation).books(collector_of(simulation)).residual
