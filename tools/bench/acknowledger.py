"""A head-end that only acknowledges: it keeps nothing, and its answer is never late."""

import json
import threading
from types import TracebackType
from typing import Self

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from tools.bench.flash import BenchError
from tools.broker import Broker
from tools.headend import answers

TOPICS = [("ami/+/intervals", 1), ("ami/+/events", 1)]
LONGEST_S = 20


class Acknowledger:
    """Answers each message of a collector at once. `intervals`: channel-hours received, each as
    often as it came; `messages`: all.
    """

    def __init__(self, broker: Broker) -> None:
        self.intervals = self.messages = 0
        self._broker = broker
        self._subscribed = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.on_message = self._on_message
        self._client.on_subscribe = lambda *_: self._subscribed.set()

    def __enter__(self) -> Self:
        self._client.connect(self._broker.host, self._broker.port)
        self._client.subscribe(TOPICS)
        self._client.loop_start()
        if not self._subscribed.wait(LONGEST_S):
            raise BenchError(f"{self._broker.kind} grants no subscription")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _on_message(self, client: Client, _: object, message: MQTTMessage) -> None:
        _, collector, _ = message.topic.split("/")
        told = json.loads(message.payload)
        client.publish(*answers.ack(collector, told["upto"]), qos=1)
        self.messages += 1
        self.intervals += sum(len(each["delta"]) for each in told.get("channels", {}).values())
