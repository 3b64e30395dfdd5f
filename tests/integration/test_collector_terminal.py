"""A simulated collector in real time, for who has no board at hand, is each of our boards."""

import pytest

from host_sim.wiring import WIRINGS
from tools.console.port import CollectorPort, PortError
from tools.console.simulated import simulated_port


@pytest.mark.long_where(board="lilygo_t_can485")
@pytest.mark.long_where(board="olimex_esp32_poe_iso")
@pytest.mark.long_where(board="esp32_devkit")
@pytest.mark.parametrize("board", WIRINGS)
def test_it_is_the_board_that_is_asked_for(board: str) -> None:
    with simulated_port("cpython", "--board", board) as name, CollectorPort(name) as port:
        port.begin()
        status = port.detail("status")
    assert status["board"] == board
    assert status["collector"] == f"pk-{WIRINGS[board].unique_id.hex()}"


def test_another_board_is_refused_with_those_that_there_are(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with (
        pytest.raises(PortError, match="did not start"),
        simulated_port("cpython", "--board", "x"),
    ):
        pass
    expected = f"error: no board x; --board is one of {', '.join(WIRINGS)}"
    assert capfd.readouterr().err.splitlines() == [expected]
