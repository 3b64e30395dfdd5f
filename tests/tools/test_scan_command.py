"""The scan as a program: the simulated line, Ctrl-C, live values again and again, its options."""

import json
import signal
import subprocess
import sys

import pytest

from tests.tools.scan_run import FEW, Scripted, line_of, slave
from tests.vm import ROOT
from tools.scan.models import load_models
from tools.scan.options import parser, wanted_addresses, wanted_settings
from tools.scan.plan import make_plan
from tools.scan.quantity import place, shown
from tools.scan.settings import Settings

DEADLINE_S = 20
PROGRAM = [sys.executable, "-m", "tools.scan"]
MODELS = load_models([])


def started(*options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*PROGRAM, *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_without_a_port_the_simulated_line_is_scanned() -> None:
    run = started("--json", "--addresses", "3", *FEW)
    out, errors = run.communicate(timeout=DEADLINE_S)
    assert run.returncode == 0
    assert "the simulated line" in errors
    meter = json.loads(out)
    assert (meter["address"], meter["profile"], meter["certain"]) == (3, "sdm630", True)


def test_a_table_shows_units_as_people_write_them() -> None:
    run = started("--port", "sim", "--addresses", "3", *FEW)
    out, _ = run.communicate(timeout=DEADLINE_S)
    assert "address 3 at 9600 8N1: Eastron SDM630-Modbus v2 (meter code 0x0070)" in out
    for word in (" kWh", " V", " A", " Hz", "L3", "requests", "timeouts 0", "CRC errors 0", "ago"):
        assert word in out


def test_interrupted_it_shows_what_was_found() -> None:
    with line_of(slave(3, Scripted({}))) as terminal:
        run = started("--port", terminal.path, "--json", "--addresses", "3,20-247", *FEW)
        assert run.stderr is not None
        while "answers" not in run.stderr.readline():
            assert run.poll() is None
        run.send_signal(signal.SIGINT)
        out, errors = run.communicate(timeout=DEADLINE_S)
    assert run.returncode == 0
    assert json.loads(out)["address"] == 3
    assert "interrupted" in errors
    assert "Traceback" not in errors


def test_watching_reads_again_until_interrupted() -> None:
    with line_of(slave(3, Scripted({(3, 0x31): [0]}))) as terminal:
        options = ("--watch", "--json", "--addresses", "3")
        run = started("--port", terminal.path, *options, *FEW)
        assert run.stdout is not None
        lines = [json.loads(run.stdout.readline()) for _ in range(2)]
        run.send_signal(signal.SIGINT)
        _, errors = run.communicate(timeout=DEADLINE_S)
    assert [line["address"] for line in lines] == [3, 3]
    assert run.returncode == 0
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--baud", "9601"), "no list of speeds"),
        (("--format", "7E1"), "is none of 8N1"),
        (("--addresses", "0-5"), "go from 1 to 247"),
        (("--addresses", "5-1"), "go from 1 to 247"),
        (("--patience-ms", "soon"), "milliseconds"),
    ],
)
def test_a_wrong_option_is_told(options, told, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(options)
    assert told in capsys.readouterr().err


def test_likely_settings_and_addresses_come_first() -> None:
    options = parser().parse_args([])
    plan = make_plan(MODELS, wanted_settings(options), wanted_addresses(options))
    places = [(step.settings, step.address) for step in plan.steps]
    assert len(set(places)) == len(places) == 24 * 247
    assert places[0] == (Settings(9600, "N", 1), 1)
    factory = {model.settings for model in MODELS}
    assert set(places[: plan.likely]) == {(each, n) for each in factory for n in range(1, 11)}
    assert {settings for settings, _ in places[: len(factory) * 247]} == factory
    # A meter is asked what it can answer with words: some say nothing where an exception is due.
    assert {step.function for step in plan.steps if step.settings.parity == "E"} >= {3}


def test_a_slower_line_is_given_more_time() -> None:
    def wait_s(baud_bps: int) -> float:
        return make_plan(MODELS, [Settings(baud_bps, "N", 1)], [1]).wait_s(0.1)

    assert 0.1 < wait_s(115200) < wait_s(9600) < wait_s(2400) < 0.2


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (2301, "dV", "230.1 V"),
        (-5, "mA", "-0.005 A"),
        (4999, "cHz", "49.99 Hz"),
        (12_345_678, "Wh", "12345.678 kWh"),
        ((1 << 62) + 1, "Wh", "4611686018427387.905 kWh"),
        (-479, "W", "-479 W"),
        (7, "L", "7 L"),
        (None, "W", "-"),
    ],
)
def test_values_as_people_write_them(value, unit, text) -> None:
    assert shown(value, unit) == text


def test_quantities_by_phase() -> None:
    assert place("voltage_l2_dv", "dV") == ("voltage", "L2")
    assert place("power_w", "W") == ("power", "all")
    assert place("electricity_delivered", "Wh") == ("electricity delivered", "all")
