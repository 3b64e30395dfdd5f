"""Several receivers with one database: the broker gives each message to one of them."""

from contextlib import ExitStack

import pytest

from tests.integration.collector_double import CollectorDouble
from tests.integration.headend_process import a_broker, a_head_end, closed_books, run
from tests.integration.service_thread import a_service
from tests.tools.deliveries import status
from tools.headend import service
from tools.headend.ledger import Ledger
from tools.headend.sharing import Sharing


def test_two_receivers_share_the_load(database):
    # Messages of one collector go to either, at the same time and out of order; what was retained
    # before either came is known, and everything is there once.
    with a_broker("mosquitto") as broker, ExitStack() as stack:
        names = ("h1", "h2", "h3")
        doubles = [stack.enter_context(CollectorDouble(name, broker.port)) for name in names]
        for each in doubles:
            each.publish("status", status(boot=4), retain=True)
        counts = [
            stack.enter_context(a_service(database, broker.port, Sharing("west", name)))
            for name in ("1", "2")
        ]
        for each in doubles:
            each.send(1, 300)
        for each in doubles:
            assert each.send_until_acked(300)
    assert all(count["messages"] >= 30 for count in counts), counts
    for name in names:
        books = closed_books(database, name, 300)
        assert (books.online, books.boot) == (True, 4)


def test_what_waits_is_committed_together(tmp_path):
    # Sixty messages have piled up while nobody received: the disk is waited for a few times, and
    # the collector hears of it in few words.
    db = tmp_path / "ledger.db"
    with a_broker("mosquitto") as broker, CollectorDouble("h1", broker.port) as collector:
        with a_service(db, broker.port):
            pass
        collector.send(1, 300)
        with a_service(db, broker.port) as count:
            assert collector.wait_acked(300)
    assert count["messages"] == 60 and count["transactions"] <= 30, count
    closed_books(db, "h1", 300)


def test_a_broker_without_mqtt_5_is_named(monkeypatch):
    # It takes our CONNECT for the beginning of a longer one, and says nothing.
    monkeypatch.setattr(service, "_ANSWER_S", 1)
    with a_broker("amqtt") as broker:
        receiver = service.Service(Ledger(), "127.0.0.1", broker.port, Sharing("west", "1"))
        with pytest.raises(service.ServiceError) as refused:
            receiver.run()
    assert str(refused.value) == (
        f"127.0.0.1:{broker.port} does not speak MQTT 5, which sharing the load needs:"
        " take mosquitto 2, or leave out --share"
    )


def test_two_of_one_name_are_told(tmp_path):
    # Both throw one another out of the broker, and neither would know why.
    options = ("--share", "west", "--name", "1")
    db = tmp_path / "ledger.db"
    with a_broker("mosquitto") as broker, a_head_end(broker.port, db, *options) as first:
        first.wait_ready()
        with a_head_end(broker.port, db, *options) as second:
            second.wait_ready()
            first.wait_ready()  # it has pushed itself in again
            said = first.stop()
    assert "does another receiver run under the same name?" in said


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--share", "west"], "--share and --name go together"),
        (["--name", "1"], "--share and --name go together"),
        (["--share", "a/b", "--name", "1"], "letters, digits, - and _ make a name"),
    ],
)
def test_wrong_names_give_one_line(words, line, tmp_path):
    db = tmp_path / "ledger.db"
    done = run("run", "--broker", "127.0.0.1:1", "--db", str(db), *words)
    assert done.returncode and line in done.stderr.splitlines()[-1]
    assert not db.exists()
