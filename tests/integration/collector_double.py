"""A collector that is only its uplink: publishes a made-up journal, waits to hear it is safe."""

import json
import threading
import time
from collections.abc import Callable
from typing import Any, Self

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

HOUR_S, START_S = 3600, 1_772_323_200
HOURS_PER_MESSAGE = 5
DEADLINE_S = 60.0
_REPEAT_S = 5.0


class CollectorDouble:
    """Record n is hour n of two channels: n % 7 L of water, n Wh of electricity."""

    def __init__(self, name: str, port: int) -> None:
        self.name = name
        self.acked = 0
        self.tariffs: list[mqtt.MQTTMessage] = []
        self.commands: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], dict[str, Any] | None] = lambda command: None
        self._changed = threading.Condition()
        self._subscribed = threading.Event()
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=name, clean_session=False)
        client.on_connect = self._connected
        client.on_subscribe = lambda *_: self._subscribed.set()
        client.on_message = self._heard
        client.connect("127.0.0.1", port)
        client.loop_start()
        self._client = client

    def __enter__(self) -> Self:
        assert self._subscribed.wait(DEADLINE_S)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, kind: str, payload: bytes, retain: bool = False) -> None:
        self._client.publish(f"ami/{self.name}/{kind}", payload, qos=1, retain=retain)

    def send(self, first: int, last: int) -> None:
        """Publish records first..last in messages of a few hours."""
        for low in range(first, last + 1, HOURS_PER_MESSAGE):
            self.publish("intervals", batch(low, min(low + HOURS_PER_MESSAGE - 1, last)))

    def send_until_acked(self, last: int) -> bool:
        """Repeat what is not acknowledged: a broker whose queue is full drops even QoS 1."""
        deadline_s = time.monotonic() + DEADLINE_S
        while time.monotonic() < deadline_s:
            self.send(self.acked + 1, last)
            if self.wait_acked(last, _REPEAT_S):
                return True
        return False

    def wait_acked(self, upto: int, timeout_s: float = DEADLINE_S) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self.acked >= upto, timeout_s)

    def wait_command(self, count: int = 1) -> dict[str, Any]:
        """The `count`th command."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.commands) >= count, DEADLINE_S)
        return self.commands[count - 1]

    def wait_tariff(self) -> mqtt.MQTTMessage:
        with self._changed:
            assert self._changed.wait_for(lambda: self.tariffs, DEADLINE_S)
        return self.tariffs[-1]

    def _connected(self, client: mqtt.Client, *_: Any) -> None:
        words = ("ack", "tariff", "command")
        client.subscribe([(f"ami/{self.name}/{word}", 1) for word in words])

    def _heard(self, _: Any, __: Any, message: mqtt.MQTTMessage) -> None:
        data = json.loads(message.payload)
        assert data["v"] == 1
        with self._changed:
            if message.topic.endswith("/tariff"):
                self.tariffs.append(message)
                self._changed.notify_all()
                return
            if message.topic.endswith("/command"):
                assert not message.retain
                self._take_command(data)
                return
            self.acked = max(self.acked, data["upto"])
            self._changed.notify_all()

    def _take_command(self, command: dict[str, Any]) -> None:
        """`answer` says what of it, None: nothing; what is asked for again is sent."""
        self.commands.append(command)
        self._changed.notify_all()
        if command["do"] == "resend":
            self.send(command["after"] + 1, command["upto"])
        told = self.answer(command)
        if told is not None:
            head = {"v": 1, "boot": command["boot"], "id": command["id"]}
            self.publish("reply", json.dumps(head | told).encode())


def batch(first: int, last: int) -> bytes:
    """The intervals message of records first..last."""
    numbers = range(first, last + 1)
    litres = [n % 7 for n in numbers]
    channels = {
        "water": {"unit": "L", "open": sum(n % 7 for n in range(first)), "delta": litres},
        "electricity_delivered": {
            "unit": "Wh",
            "open": first * (first - 1) // 2,
            "delta": list(numbers),
        },
    }
    head = {"v": 1, "boot": 1, "after": first - 1, "upto": last, "historical": 0}
    when = {"start": START_S + first * HOUR_S, "period": HOUR_S, "seq": list(numbers)}
    return json.dumps(head | when | {"channels": channels}).encode()
