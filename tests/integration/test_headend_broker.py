"""The head-end as a process on real brokers: killed at will, it loses and doubles nothing."""

import contextlib
import json
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from host_sim.models.broker import Broker as ModelBroker
from tests.integration.collector_double import DEADLINE_S, CollectorDouble, batch
from tests.integration.model_server import ModelServer
from tests.tools.deliveries import status
from tools.broker import Broker, BrokerError
from tools.headend.ledger import Ledger

ROOT = Path(__file__).parents[2]
PACIFIC = ZoneInfo("America/Los_Angeles")
COMMAND = [sys.executable, "-m", "tools.headend"]


@contextlib.contextmanager
def a_broker(kind: str):
    if kind == "model":
        with ModelServer(ModelBroker()) as server:
            yield server
        return
    try:
        started = Broker.start(kind)
    except BrokerError as error:
        pytest.skip(str(error))
    with started as broker:
        yield broker


class HeadEnd:
    """One incarnation of the service. Its standard output says when it is subscribed."""

    def __init__(self, port: int, db: Path, *options: str, host: str = "127.0.0.1") -> None:
        command = [*COMMAND, "run", "--broker", f"{host}:{port}", "--db", str(db), *options]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self._ready = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout
        for _ in self._process.stdout:
            self._ready.set()

    def wait_ready(self) -> None:
        assert self._ready.wait(DEADLINE_S), "the head-end did not subscribe in time"

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def stop(self) -> str:
        """End it in good order; returns what it wrote on standard error."""
        self._process.terminate()
        assert self._process.wait(DEADLINE_S) == 0
        assert self._process.stderr
        return self._process.stderr.read()


@contextlib.contextmanager
def a_head_end(port: int, db: Path, *options: str, host: str = "127.0.0.1") -> Iterator[HeadEnd]:
    head_end = HeadEnd(port, db, *options, host=host)
    try:
        yield head_end
    finally:
        head_end.kill()


def report(db: Path, *options: str) -> str:
    command = [*COMMAND, "report", "--db", str(db), *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def check_books(db: Path, records: int) -> None:
    books = json.loads(report(db, "--json"))["h1"]
    assert (books["kept"], books["watermark"]) == (2 * records, records)
    water, power = books["channels"]["water"], books["channels"]["electricity_delivered"]
    assert water["consumption"] == sum(n % 7 for n in range(1, records + 1))
    assert power["consumption"] == records * (records + 1) // 2
    assert (water["residual"], power["residual"], books["lost"], books["doubled"]) == (0, 0, 0, 0)
    assert books["conflicts"] == 0 and books["waiting"] == []


@pytest.mark.parametrize("kind", ["mosquitto", "amqtt", "model"])
def test_a_day_of_service(kind, tmp_path):
    # Birth, intervals, a bad message between, a repeat: acknowledged, refused, dropped, reported.
    db = tmp_path / "ledger.db"
    with a_broker(kind) as broker, CollectorDouble("h1", broker.port) as collector:
        collector.publish("status", status(boot=1), retain=True)
        with a_head_end(broker.port, db) as head_end:
            head_end.wait_ready()
            collector.send(1, 30)
            collector.publish("intervals", b'{"v":1,"after":-1}')
            collector.send(16, 40)
            assert collector.wait_acked(40)
            said = head_end.stop()
    check_books(db, 40)
    assert "refused ami/h1/intervals: after is out of range" in said and "Traceback" not in said
    books = Ledger(db).books("h1")
    assert (books.online, books.refused, books.dropped_doubles) == (True, 1, 30)
    table = report(db)
    assert "kept 80 intervals, residual 0, lost 0, doubled 0" in table
    assert "messages refused: 1" in table and "h1: online, received up to 40" in table.replace(
        "\n", " "
    )


def test_a_collector_is_told_the_tariff(tmp_path):
    # The whole way of the command: from the file to the collector's topic, once.
    options = ("--tariff", str(ROOT / "firmware" / "tariffs" / "e1_tou.json"), "--billing-day")
    birth = status(boot=1, tariff=0, tariff_until=0)
    with a_broker("model") as broker, CollectorDouble("h1", broker.port) as collector:
        collector.publish("status", birth, retain=True)
        with a_head_end(broker.port, tmp_path / "ledger.db", *options, "15"):
            told = collector.wait_tariff()
    assert (told.qos, len(collector.tariffs)) == (1, 1)
    almanac = json.loads(told.payload)
    assert list(almanac) == ["v", "version", "start", "days", "rows", "months"]
    assert (almanac["version"], sum(almanac["days"][::2])) == (1, 430)
    assert datetime.fromtimestamp(almanac["start"] + 900 * almanac["months"][0], PACIFIC).day == 15


@pytest.mark.parametrize("kind", ["mosquitto", "amqtt", "model"])
def test_messages_wait_at_the_broker_while_the_head_end_is_away(kind, tmp_path):
    # The head-end's session is persistent: nobody sends again, and still all arrives.
    db = tmp_path / "ledger.db"
    with a_broker(kind) as broker, CollectorDouble("h1", broker.port) as collector:
        with a_head_end(broker.port, db) as head_end:
            head_end.wait_ready()
            collector.send(1, 10)
            assert collector.wait_acked(10)
            head_end.stop()
        collector.send(11, 60)
        with a_head_end(broker.port, db):
            assert collector.wait_acked(60)
    check_books(db, 60)


@pytest.mark.parametrize(("kind", "kills"), [("mosquitto", 20), ("amqtt", 5)])
def test_killed_at_any_moment_it_loses_and_doubles_nothing(kind, kills, tmp_path):
    # kill -9 while messages are in flight. What was acknowledged must be on disk at once, and in
    # the end every interval is there exactly once, although everything unacknowledged is repeated.
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    rng, db, sent, busy = random.Random(seed), tmp_path / "ledger.db", 0, 0
    with a_broker(kind) as broker, CollectorDouble("h1", broker.port) as collector:
        for _ in range(kills):
            with a_head_end(broker.port, db) as head_end:
                if rng.random() < 0.7:  # else it may be hit while it starts
                    head_end.wait_ready()
                repeat_from, sent = collector.acked + 1, sent + rng.randint(200, 400)
                collector.send(repeat_from, sent)
                aim = rng.randint(repeat_from, sent - 100)
                collector.wait_acked(aim, timeout_s=rng.uniform(0, 0.3))
                head_end.kill()
                acked = collector.acked
            busy += acked < sent
            ledger = Ledger(db)
            assert ledger.books("h1").watermark >= acked
            ledger.close()
        with a_head_end(broker.port, db):
            assert collector.send_until_acked(sent)
    assert busy >= kills // 4, "the kills came too late to prove anything"
    check_books(db, sent)


def test_an_acknowledgement_lost_with_the_head_end_is_sent_again(tmp_path):
    # Killed between commit and ack: a collector that only waits must still hear of it.
    db = tmp_path / "ledger.db"
    ledger = Ledger(db)
    ledger.receive("ami/h1/intervals", batch(1, 5), 0)
    ledger.close()
    with (
        a_broker("auto") as broker,
        CollectorDouble("h1", broker.port) as collector,
        a_head_end(broker.port, db),
    ):
        assert collector.wait_acked(5)


def run(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [*COMMAND, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE_S
    )


def test_a_broker_that_refuses_gives_one_line(tmp_path):
    broker = ModelBroker(users={"somebody": b"else"})
    with ModelServer(broker) as server:
        place = f"127.0.0.1:{server.port}"
        done = run("run", "--broker", place, "--db", str(tmp_path / "ledger.db"))
    assert done.returncode == 1 and "Traceback" not in done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"{place} refused the connection: Not authorized")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["report", "--db", "{folder}/none.db"], "is not there"),
        (["report", "--db", "{folder}/text.db"], "file is not a database"),
        (["run", "--broker", "127.0.0.1:1", "--db", "{folder}/no/such.db"], "unable to open"),
        (["run", "--broker", "nowhere", "--db", "x"], "'nowhere' is not HOST:PORT"),
        (["run", "--broker", "a:99999", "--db", "x"], "'a:99999' is not HOST:PORT"),
    ],
)
def test_wrong_arguments_give_one_line(arguments, line, tmp_path):
    (tmp_path / "text.db").write_text(
        "this is no database, but long enough to be looked at\n" * 50
    )
    done = run(*(argument.format(folder=tmp_path) for argument in arguments))
    assert done.returncode and line in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
