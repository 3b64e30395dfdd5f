"""`make bench`'s last moments at a tiny size."""

from rich.console import Console

from host_sim.scenario import Scenario
from tools.bench import power
from tools.bench.bench import Progress

QUIET = Progress(Console(quiet=True))


def test_a_loss_is_saved_first_and_told_then() -> None:
    measured = power.measure(QUIET, power.Size(outages=3))
    for board in power.BOARDS:
        figures = measured["power"][board]
        assert figures.keys() == {figure.key for figure in power.FIGURES}
        # flash has taken it long before a packet can be at the broker, half a round trip away
        assert 0 < figures["checkpoint_ms"] <= figures["checkpoint_most_ms"] < 20
        assert 20 <= figures["last_gasp_ms"] <= figures["last_gasp_most_ms"]
        assert figures["told_percent"] == 100
    assert Scenario.__dataclass_fields__["round_trip_us"].default == power.ROUND_TRIP_US
    assert len(power.tables(measured)) == 1
    assert all(verdict["met"] for verdict in power.verdicts(measured))
