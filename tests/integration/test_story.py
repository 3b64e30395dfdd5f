"""From a collector as it comes from the factory to an installation that has passed: the tools of
the van at a pseudo-terminal, a real broker, the head-end in a process of its own.
"""

import contextlib
import csv
import json
import subprocess
from pathlib import Path

import pytest

from tests.integration.headend_process import COMMAND, ROOT, a_broker, a_head_end
from tools.console.port import CollectorPort
from tools.console.simulated import simulated_port
from tools.provision.__main__ import main

COLLECTOR = "pk-246f28a1b2c3"
SECRET = "tUx9-green-lamp"
SITE = """
site: Elm Street 12
settings:
  wifi.ssid: meters
  wifi.password: correct horse battery
  mqtt.host: {host}
  mqtt.port: {port}
  meter.poll_s: 5
  water.opening: 4711
own:
  {collector}: {{secret: {secret}}}
collectors:
  {collector}:
"""
SETTLED = "clock network broker"  # what takes a boot some seconds
LOOKS = 2000  # each takes the time of an answer
DIALS = {"water": 1, "gas": 10}  # units a pulse


def awaited(port: CollectorPort) -> None:
    """Until the network, the time and the broker are there."""
    good: set[str] = set()
    for _ in range(LOOKS):
        told = port.ask("selftest")[:-1]
        good = {each["check"]["check"] for each in told if each["check"]["ok"]}
        if set(SETTLED.split()) <= good:
            return
    raise AssertionError(good)


def proven(port: CollectorPort) -> None:
    """The technician reads both dials, lets something flow, and reads them again."""
    before = {each["input"]["channel"]: each["input"] for each in port.ask("pulses")[:-1]}
    for channel in DIALS:
        port.ask(f"dial {channel} 1000")
    for channel, units in DIALS.items():
        came = 0
        for _ in range(LOOKS):
            now = {each["input"]["channel"]: each["input"] for each in port.ask("pulses")[:-1]}
            came = now[channel]["pulses"] - before[channel]["pulses"]
            if came >= 5:
                break
        told = port.detail(f"dial {channel} {1000 + units * came}")
        assert told["verdict"] == "PASS", told


@pytest.mark.long_on_micropython
def test_from_the_box_to_a_verdict(
    vm: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    site, record, database = (tmp_path / name for name in ("site.yaml", "done.csv", "db.sqlite"))
    with contextlib.ExitStack() as stack:
        broker = stack.enter_context(a_broker("mosquitto"))
        head_end = stack.enter_context(a_head_end(broker.port, database))
        head_end.wait_ready()
        told = {"host": broker.host, "port": broker.port}
        site.write_text(SITE.format(collector=COLLECTOR, secret=SECRET, **told))
        options = ("--blank", "--broker", f"{broker.host}:{broker.port}", "--taps", "0.5")
        with simulated_port(vm, *options) as name:
            command = [str(site), "--port", name, "--csv", str(record)]
            assert main(command) == 0
            with CollectorPort(name) as port:
                port.begin()
                port.unlock(SECRET)
                awaited(port)
                proven(port)
                port.ask("lock")
            assert main([*command, "--commission"]) == 0
        head_end.stop()
    with record.open() as lines:
        *_, examined = csv.DictReader(lines)
    assert (examined["result"], examined["verdict"], examined["changed"]) == ("done", "PASS", "")
    asked = [*COMMAND, "commissioned", "--db", str(database), "--json", "--code", examined["code"]]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    known = json.loads(done.stdout)
    assert (known["collector"], known["passed"]) == (COLLECTOR, True)
    assert {"water", "gas", "meter", "clock", "head_end"} <= set(known["looked_at"])
    shown = capfd.readouterr()
    assert SECRET not in shown.out + shown.err + record.read_text()
