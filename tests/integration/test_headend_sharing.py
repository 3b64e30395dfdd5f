"""Several receivers with one database: the broker gives each message to one of them."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from tests.integration.collector_double import DEADLINE_S, CollectorDouble
from tests.integration.headend_process import a_broker, a_head_end, closed_books, run
from tests.integration.service_thread import a_service
from tests.tools.deliveries import status
from tools.headend import holes, service, sharing
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


def test_a_receiver_that_never_comes_back_takes_nothing_with_it(tmp_path, monkeypatch):
    # The broker had given it every other message, and forgets them with its session. The other
    # asks the collector for them, and then gets all of them itself.
    monkeypatch.setattr(service, "_LOOK_FOR_HOLES_S", 0.1)
    monkeypatch.setattr(sharing, "_SESSION_EXPIRY_S", 1)
    monkeypatch.setattr(holes, "STAYS_S", 1)
    monkeypatch.setattr(holes, "AGAIN_S", 1)
    db = tmp_path / "ledger.db"
    with (
        a_broker("mosquitto") as broker,
        CollectorDouble("h1", broker.port) as collector,
        a_service(db, broker.port, Sharing("west", "1")),
    ):
        collector.publish("status", status(boot=4))
        with a_dead_receiver(broker.port, Sharing("west", "2")) as taken:
            collector.send(1, 105)
            assert taken.acquire(timeout=DEADLINE_S)
        # What is gone at the end shows by the next message; a collector has one every hour.
        last = 105
        while not collector.wait_acked(last, timeout_s=2):
            assert last < 200
            collector.send(last + 1, last + 5)
            last += 5
    assert [each["do"] for each in collector.commands][:1] == ["resend"]
    closed_books(db, "h1", last)


@contextmanager
def a_dead_receiver(port: int, its: Sharing) -> Iterator[threading.Semaphore]:
    """Takes messages, as it counts, and acknowledges none; then its connection breaks."""
    taken, ready = threading.Semaphore(0), threading.Event()
    client = mqtt.Client(CallbackAPIVersion.VERSION2, manual_ack=True, **its.client_options)
    client.on_connect = lambda *_: its.subscribe(client)
    client.on_subscribe = lambda *_: ready.set()
    client.on_message = lambda *_: taken.release()
    client.connect("127.0.0.1", port, **its.connect_options)
    client.loop_start()
    assert ready.wait(DEADLINE_S)
    yield taken
    client.disconnect()
    client.loop_stop()


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
