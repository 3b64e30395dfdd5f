"""Commands over a real broker: from the person's words to the collector, and its reply back."""

import json
import time
from pathlib import Path

import pytest

from tests import contract
from tests.integration.collector_double import CollectorDouble, batch
from tests.integration.headend_process import a_broker, a_head_end, closed_books, run
from tests.integration.service_thread import a_service
from tests.tools.deliveries import status
from tools.headend import service
from tools.headend.holes import STAYS_S
from tools.headend.ledger import Ledger

BOOT = 7


def known(db: Path | str) -> None:
    """A database that a receiver has written: of h1, which is there, in its seventh boot."""
    ledger = Ledger(db)
    ledger.receive("ami/h1/status", status(boot=BOOT), int(time.time()))
    ledger.close()


@pytest.mark.parametrize("kind", ["mosquitto", "amqtt"])
def test_a_command_and_its_reply(kind, database):
    # Done, refused, and no reply: each is told in words and by the exit status; a report tells
    # it all later, but not the password.
    known(database)
    with a_broker(kind) as broker, CollectorDouble("h1", broker.port) as collector:
        place = ["--db", str(database), "--broker", f"127.0.0.1:{broker.port}"]
        pong = {"done": "ping", "detail": {"uptime_s": 5, "rssi": None}}
        collector.answer = lambda command: pong
        done = run("command", *place, "h1", "ping")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == "h1: ping done\n  uptime_s: 5\n  rssi: not known\n"
        collector.answer = lambda command: {"refused": "no such key\x1b[2J"}
        done = run("command", *place, "h1", "set", "wifi.pass", "hunter2")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == "h1 refuses set: no such key\N{REPLACEMENT CHARACTER}[2J\n"
        collector.answer = lambda command: None
        done = run("command", *place, "--timeout-s", "0.5", "h1", "reboot")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("h1 did not reply in time: is it connected?")
        collector.wait_command(3)
    first, second, third = collector.commands
    assert (first["do"], second["key"], third["do"]) == ("ping", "wifi.pass", "reboot")
    assert second["value"] == "hunter2"
    assert first["boot"] == BOOT and first["id"] < second["id"] < third["id"]
    for command in collector.commands:
        assert contract.problems("ami/h1/command", json.dumps(command).encode()) == []
    report = run("report", "--db", str(database)).stdout
    assert "command reboot at" in report and "no reply" in report
    assert "command set wifi.pass at" in report and "refused: no such key" in report
    if isinstance(database, Path):
        assert b"hunter2" not in b"".join(each.read_bytes() for each in database.parent.iterdir())


def test_a_hole_is_asked_for_and_filled(database, monkeypatch):
    # Records 6..10 were swallowed, and the collector sees no reason to send them again. The
    # receiver asks, the collector sends, and is told that all is safe.
    ledger, now_s = Ledger(database), int(time.time())
    ledger.receive("ami/h1/status", status(boot=BOOT), now_s)
    ledger.receive("ami/h1/intervals", batch(1, 5), now_s)
    ledger.receive("ami/h1/intervals", batch(11, 20), now_s)
    assert ledger.ask(now_s - STAYS_S) == []  # the first look: there it is
    ledger.close()
    monkeypatch.setattr(service, "_LOOK_FOR_HOLES_S", 0)
    with a_broker("auto") as broker, CollectorDouble("h1", broker.port) as collector:
        collector.answer = lambda command: {"done": "resend", "detail": {"records": 5}}
        with a_service(database, broker.port):
            assert collector.wait_acked(20)
        (command,) = collector.commands
    assert (command["do"], command["after"], command["upto"]) == ("resend", 5, 10)
    closed_books(database, "h1", 20)


def test_a_receiver_keeps_the_reply_that_nobody_waited_for(tmp_path):
    # The person has gone, or the collector was slow: the report has it all the same.
    db = tmp_path / "ledger.db"
    known(db)
    with (
        a_broker("auto") as broker,
        CollectorDouble("h1", broker.port) as collector,
        a_head_end(broker.port, db) as head_end,
    ):
        head_end.wait_ready()
        place = ["--db", str(db), "--broker", f"127.0.0.1:{broker.port}"]
        run("command", *place, "--timeout-s", "0.5", "h1", "ping")
        command = collector.wait_command()
        head = {"v": 1, "boot": command["boot"], "id": command["id"]}
        collector.publish("reply", json.dumps(head | {"refused": "too late"}).encode())
        collector.publish("reply", json.dumps(head | {"refused": "said twice"}).encode())
        collector.send(1, 5)
        assert collector.wait_acked(5)
    assert "command ping at" in (told := run("report", "--db", str(db)).stdout)
    assert "too late" in told and "twice" not in told


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["h2", "ping"], "h2 has never told its boot, which a command must name"),
        (["h1", "resend", "5"], "resend takes AFTER UPTO"),
        (["h1", "resend", "5", "5"], "no record is after 5 and not after 5"),
        (["h1", "resend", "-5", "five"], "is not a number"),
        (["h1", "ping", "now"], "ping takes no arguments"),
        (["h1", "dance"], "invalid choice: 'dance'"),
        (["H1", "ping"], "'H1' is no collector's name"),
    ],
)
def test_a_wrong_command_gives_one_line(words, line, tmp_path):
    known(tmp_path / "ledger.db")
    place = ["--db", str(tmp_path / "ledger.db"), "--broker"]
    with a_broker("model") as broker:
        done = run("command", *place, f"127.0.0.1:{broker.port}", "--", *words)
    assert done.returncode and line in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_no_broker_gives_one_line(tmp_path):
    known(tmp_path / "ledger.db")
    done = run(
        "command", "--db", str(tmp_path / "ledger.db"), "--broker", "127.0.0.1:1", "h1", "ping"
    )
    assert done.returncode == 1
    assert done.stderr == "no broker answers at 127.0.0.1:1: is it running?\n"
