"""The example configuration of mosquitto, run as it stands: a collector has its own topics and no
others, and the head-end can do its work.
"""

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, Self

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from tests.integration.authority import Authority
from tests.integration.secure_broker import HOST, secure_broker
from tests.tools.deliveries import status
from tests.vm import ROOT

EXAMPLE = ROOT / "tools" / "mosquitto"
DEADLINE_S = 30
UP = ("status", "intervals", "events", "readings", "reply")
DOWN = ("ack", "time", "tariff", "command", "config")
# the paths and the listener of the example are the user's; the test has its own
PLACES = (
    "listener",
    "cafile",
    "certfile",
    "keyfile",
    "acl_file",
    "persistence",
    "set_tcp_nodelay",
)


class Field(NamedTuple):
    """A broker, and who may come."""

    port: int
    folder: Path


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    folder = tmp_path_factory.mktemp("acl")
    authority = Authority()
    for name in ("c1", "c2", "head-end"):
        authority.sign(name).save(folder, name)
    authority.identity.save(folder, "ca")
    lines = (EXAMPLE / "mosquitto.conf").read_text().splitlines()
    settings = [line for line in lines if line and not line.startswith(("#", *PLACES))]
    assert len(settings) == 6
    acl = folder / "acl"
    acl.write_text((EXAMPLE / "acl").read_text())
    server = authority.sign("broker", HOST)
    with secure_broker(folder, authority, server, f"acl_file {acl}", *settings) as (_, port):
        yield Field(port, folder)


class Party:
    """A client with the certificate of `name`; what it hears, as (topic, payload)."""

    def __init__(self, field: Field, name: str, client_id: str = "") -> None:
        self.heard: list[tuple[str, bytes]] = []
        self._changed = threading.Condition()
        self._subscribed = threading.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=client_id or name)
        ca, own, key = (
            str(field.folder / file) for file in ("ca.crt", f"{name}.crt", f"{name}.key")
        )
        self._client.tls_set(ca, own, key)
        self._client.on_message = self._hear
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_connect = self._connected
        self._client.connect(HOST, field.port)
        self._client.loop_start()

    def __enter__(self) -> Self:
        assert self._subscribed.wait(DEADLINE_S)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def say(self, topic: str, payload: bytes) -> None:
        """Publish, and wait until the broker has it, be it only to throw it away."""
        self._client.publish(topic, payload, qos=1).wait_for_publish(DEADLINE_S)

    def hears(self, payload: bytes) -> bool:
        """Whether such a payload comes."""
        with self._changed:
            return self._changed.wait_for(
                lambda: any(payload == heard for _, heard in self.heard), DEADLINE_S
            )

    def topics(self) -> set[str]:
        """Of all that was heard."""
        return {topic for topic, _ in self.heard}

    def is_connected(self) -> bool:
        """Whether the session still stands."""
        return self._client.is_connected()

    def _connected(self, client: mqtt.Client, *_: Any) -> None:
        client.subscribe([("#", 1), ("ami/+/+", 1)])

    def _hear(self, _: object, __: object, message: mqtt.MQTTMessage) -> None:
        with self._changed:
            self.heard.append((message.topic, bytes(message.payload)))
            self._changed.notify_all()


def test_each_has_its_own_topics(field: Field) -> None:
    # All of them listen to everything, and say everything under every name. The last words show
    # that whatever was let through has arrived.
    with Party(field, "c1") as c1, Party(field, "c2") as c2, Party(field, "head-end") as head_end:
        for speaker, name in ((c1, b"c1"), (c2, b"c2"), (head_end, b"head-end")):
            for whose in ("c1", "c2"):
                for word in UP + DOWN:
                    speaker.say(f"ami/{whose}/{word}", b"by " + name)
            speaker.say("somewhere/else", b"by " + name)
        c1.say("ami/c1/events", b"the end")
        c2.say("ami/c2/events", b"the end of c2")
        head_end.say("ami/c1/ack", b"the end")
        head_end.say("ami/c2/ack", b"the end")
        assert c1.hears(b"the end") and c2.hears(b"the end")
        assert head_end.hears(b"the end") and head_end.hears(b"the end of c2")
        for collector, name in ((c1, "c1"), (c2, "c2")):
            assert collector.topics() == {f"ami/{name}/{word}" for word in DOWN}
            assert {text for _, text in collector.heard} == {b"by head-end", b"the end"}
        assert head_end.topics() == {f"ami/{name}/{word}" for name in ("c1", "c2") for word in UP}
        for topic, text in head_end.heard:
            assert text.startswith(b"the end") or topic.split("/")[1].encode() == text[3:]


def test_nobody_ends_another_ones_session(field: Field) -> None:
    # A second client of the same name ends the first one's session, says MQTT. Not here.
    with Party(field, "c1") as c1, Party(field, "c2", client_id="c1") as c2:
        c2.say("ami/c2/events", b"here I am")
        c1.say("ami/c1/events", b"so am I")
        assert c1.is_connected() and c2.is_connected()


def test_the_head_end_works_with_it(field: Field, tmp_path: Path) -> None:
    # Our own, over TLS: it hears a collector's birth and answers it.
    from tests.integration.headend_process import a_head_end

    files = {"--ca": "ca.crt", "--certificate": "head-end.crt", "--key": "head-end.key"}
    options = [text for name, file in files.items() for text in (name, str(field.folder / file))]
    place = field.port
    with (
        Party(field, "c1") as c1,
        a_head_end(place, tmp_path / "ledger.db", *options, host=HOST) as head_end,
    ):
        head_end.wait_ready()
        c1.say("ami/c1/status", status(boot=1, time=None))
        with c1._changed:
            assert c1._changed.wait_for(lambda: "ami/c1/time" in c1.topics(), DEADLINE_S)
        said = head_end.stop()
    assert "Traceback" not in said


def test_the_words_are_those_of_the_contract() -> None:
    # A topic that is new and not in the ACL would be refused in silence.
    contract = (ROOT / "tools" / "asyncapi.yaml").read_text()
    words = set(re.findall(r"address: ami/\{\w+\}/(\w+)", contract))
    assert words and words <= {*UP, *DOWN}
    acl = (EXAMPLE / "acl").read_text()
    assert all(f"pattern write ami/%u/{word}\n" in acl for word in UP)
    assert all(f"pattern read ami/%u/{word}\n" in acl for word in DOWN)
