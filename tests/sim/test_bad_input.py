"""Bad input: one clear line that says what is wrong and what to do; nothing is lost and no
traceback is shown.
"""

import json
import socket
from pathlib import Path

import pytest

from host_sim import run as bench_run
from host_sim.models.meters import METERS
from host_sim.process import FirmwareProcess, InterpreterMissing
from host_sim.scenario import HOUR_US
from host_sim.simulation import Simulation
from tests.sim.bench import COLLECTOR, audited, event_types, ledger_of, run, scenario
from tools.config import ConfigError, load_settings

pytestmark = pytest.mark.long_twin

BAD_CONFIGS = {
    "unknown key": (b'{"mqtt.hots": "broker"}', "mqtt.hots: unknown key"),
    "wrong type": (b'{"meter.poll_s": "60"}', "meter.poll_s"),
    "out of range": (b'{"mqtt.port": 70000}', "1 to 65535"),
    "truncated": (b'{"mqtt.port": 18', "JSON"),
    "oversized": (b'{"mqtt.host": "' + b"x" * 5000 + b'"}', "at most"),
}


@pytest.mark.parametrize(("text", "told"), BAD_CONFIGS.values(), ids=BAD_CONFIGS)
def test_a_bad_configuration_file_is_refused_in_one_line(
    text: bytes, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "house.json"
    path.write_bytes(text)
    with pytest.raises(ConfigError) as refusal:
        load_settings(path)
    line = str(refusal.value)
    assert told in line
    assert str(path) in line
    assert "\n" not in line


def test_the_run_tells_it_and_ends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "house.json"
    path.write_text('{"mqtt.port": "many"}')
    assert bench_run.main(["--config", str(path), "--vm", "cpython"]) == 1
    captured = capsys.readouterr()
    assert captured.err.startswith("error: ")
    assert captured.err.count("\n") == 1
    assert "mqtt.port" in captured.err


def test_a_meter_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench_run.main(["--meter", "sdm999", "--vm", "cpython"]) == 1
    line = capsys.readouterr().err
    assert line.startswith("error: no meter sdm999; ")
    assert line.count("\n") == 1
    assert all(name in line for name in METERS)


def test_a_csv_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench_run.main(["--data", str(tmp_path), "--vm", "cpython"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_broker_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{unused.getsockname()[1]}"
        assert bench_run.main(["--broker", place, "--vm", "cpython"]) == 1
    captured = capsys.readouterr()
    assert place in captured.err
    assert captured.err.count("\n") == 1


def test_no_interpreter_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("host_sim.process.MICROPYTHON", tmp_path / "micropython")
    with pytest.raises(InterpreterMissing, match="VM=cpython"):
        FirmwareProcess("micropython", "esp32_devkit", 100_000)


@pytest.mark.long_on_micropython
def test_a_board_with_a_bad_key_meters_on(vm: str) -> None:
    # A wrong value in flash must not silence the collector: it runs on the default and says so.
    simulation = run(vm, settings={"meter.poll_s": 0, "no.such.key": 1})
    assert audited(simulation).closes
    assert "config_rejected" in event_types(simulation)


@pytest.mark.long_on_micropython
def test_a_broker_that_refuses(vm: str) -> None:
    # Not authorised (CONNACK 5) for three hours: back off, keep everything, deliver when let in.
    simulation = Simulation(scenario(), vm)
    simulation.broker.refuse_code = 5
    simulation.world.at(3 * HOUR_US, lambda: setattr(simulation.broker, "refuse_code", 0))
    simulation.run()
    assert audited(simulation).closes, audited(simulation).remarks


def test_a_head_end_that_talks_nonsense(vm: str) -> None:
    # Acknowledgements from the future, of the wrong type, or no JSON at all: ignored, nothing is
    # forgotten.
    simulation = Simulation(scenario(), vm)
    for hour, text in enumerate(
        (
            b"",
            b"{",
            b'{"v":1,"upto":4000000000}',
            b'{"v":1,"upto":-1}',
            b'{"v":1,"upto":"9"}',
            b"[1]",
            json.dumps({}).encode(),
        )
    ):
        simulation.world.at(
            (hour + 1) * HOUR_US + 1,
            lambda text=text: simulation.broker.publish(
                "ami/pk-246f28a1b2c3/ack", text, client_id="stranger"
            ),
        )
    simulation.run()
    assert audited(simulation).closes, audited(simulation).remarks
    assert [life.ending for life in simulation.collector.lives] == ["end of run"]


@pytest.mark.long_on_micropython
def test_a_profile_that_is_not_there(vm: str) -> None:
    # Water and gas are counted all the same, and the configuration's problem is told.
    simulation = run(vm, settings={"meter.profile": "nonsense"})
    books = ledger_of(simulation).books(COLLECTOR)
    assert [life.ending for life in simulation.collector.lives] == ["end of run"]
    assert sorted(books.channels) == ["gas", "water"]
    assert books.channels["water"].intervals == 24
    assert "config_rejected" in event_types(simulation)
