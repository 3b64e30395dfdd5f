"""The head-end as a process on real brokers: killed at will, it loses and doubles nothing."""

import json
import random
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from host_sim.models.broker import Broker as ModelBroker
from tests.integration.collector_double import CollectorDouble, batch
from tests.integration.headend_process import ROOT, a_broker, a_head_end, closed_books, run
from tests.integration.kills import COLLECTORS, campaign
from tests.integration.model_server import ModelServer
from tests.tools.deliveries import status
from tools.headend.ledger import Ledger

PACIFIC = ZoneInfo("America/Los_Angeles")


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
    closed_books(db, "h1", 40)
    assert "refused ami/h1/intervals: after is out of range" in said and "Traceback" not in said
    books = Ledger(db).books("h1")
    assert (books.online, books.refused, books.dropped_doubles) == (True, 1, 30)
    table = run("report", "--db", str(db)).stdout
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
    closed_books(db, "h1", 60)


@pytest.mark.long_where(receivers=1)
@pytest.mark.parametrize("receivers", [1, 2])
def test_killed_at_any_moment_it_loses_and_doubles_nothing(receivers, database):
    # kill -9 while messages of several collectors are in flight, with one receiver, and with two
    # that share them. `make kills` does it a hundred times.
    check_campaign("mosquitto", database, receivers, 5)


def test_killed_at_any_moment_at_the_embedded_broker(tmp_path):
    # The same where there is no mosquitto; it is slow.
    check_campaign("amqtt", tmp_path / "ledger.db", 1, 5, ("h1",))


def check_campaign(
    kind: str,
    db: Path | str,
    receivers: int,
    kills: int,
    names: tuple[str, ...] = COLLECTORS,
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    with a_broker(kind) as broker:
        outcome = campaign(db, broker.port, receivers, kills, random.Random(seed), names)
    assert outcome.busy >= kills // 4, "the kills came too late to prove anything"


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
