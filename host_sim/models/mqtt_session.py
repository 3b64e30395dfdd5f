"""What a broker remembers of one client: its filters, and the messages it still owes it.

A `Session` outlives the connection when the client asked for that; a `LocalClient` is a client
that lives in the same process (the world's head-end) and needs no wire. The broker offers messages
to both in the same way.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import replace

from host_sim.models.mqtt_packets import Message, build_publish

_PACKET_ID_MAX = 65_535


def matches(topic_filter: str, topic: str) -> bool:
    """Whether the filter selects the topic (MQTT 3.1.1 section 4.7)."""
    wanted, levels = topic_filter.split("/"), topic.split("/")
    if topic.startswith("$") and wanted[0] in ("+", "#"):
        return False
    for i, level in enumerate(wanted):
        if level == "#":
            return True
        if i >= len(levels) or level not in ("+", levels[i]):
            return False
    return len(wanted) == len(levels)


class Session:
    """One client's subscriptions and its undelivered QoS 1 messages."""

    def __init__(self, client_id: str, clean: bool, max_inflight: int, max_queued: int) -> None:
        self.client_id = client_id
        self.clean = clean
        self.filters: dict[str, int] = {}  # filter -> granted QoS
        self.dropped = 0  # messages refused because the queue was full
        self._max_inflight = max_inflight
        self._max_queued = max_queued
        self._send: Callable[[bytes], None] | None = None
        self._inflight: dict[int, Message] = {}
        self._queue: deque[Message] = deque()
        self._packet_id = 0

    def granted(self, topic: str) -> int | None:
        """The best QoS granted for the topic; None when no filter matches it."""
        grants = (qos for wanted, qos in self.filters.items() if matches(wanted, topic))
        return max(grants, default=None)

    def offer(self, message: Message, granted: int) -> None:
        """Deliver now, or keep for later if it is QoS 1 on both sides."""
        message = replace(message, qos=min(message.qos, granted))
        if message.qos == 0:
            if self._send:
                self._send(build_publish(message))
        elif len(self._queue) >= self._max_queued:
            self.dropped += 1
        else:
            self._queue.append(message)
            self._pump()

    def connected(self, send: Callable[[bytes], None]) -> None:
        """A connection is there: repeat what was never acknowledged, then go on (4.4)."""
        self._send = send
        for packet_id, message in self._inflight.items():
            send(build_publish(message, packet_id, dup=True))
        self._pump()

    def disconnected(self) -> None:
        """The connection is gone; what is owed stays owed."""
        self._send = None

    def acknowledged(self, packet_id: int) -> None:
        """PUBACK from the client. One for a message never sent is ignored, as mosquitto does."""
        self._inflight.pop(packet_id, None)
        self._pump()

    @property
    def owed(self) -> int:
        """QoS 1 messages not acknowledged by the client yet."""
        return len(self._inflight) + len(self._queue)

    def _pump(self) -> None:
        while self._send and self._queue and len(self._inflight) < self._max_inflight:
            packet_id, message = self._next_id(), self._queue.popleft()
            self._inflight[packet_id] = message
            self._send(build_publish(message, packet_id))

    def _next_id(self) -> int:
        while True:
            self._packet_id = self._packet_id % _PACKET_ID_MAX + 1
            if self._packet_id not in self._inflight:
                return self._packet_id


class LocalClient:
    """A client inside the world. While it is paused, its QoS 1 messages wait for it."""

    def __init__(self, topic_filter: str, on_message: Callable[[str, bytes], None]) -> None:
        self._filter = topic_filter
        self._on_message = on_message
        self._waiting: deque[Message] = deque()
        self._paused = False

    def granted(self, topic: str) -> int | None:
        """QoS 1 for the topics it asked for, else None."""
        return 1 if matches(self._filter, topic) else None

    def offer(self, message: Message, granted: int) -> None:
        """Keep the message until `deliver`; at QoS 0 a paused client misses it."""
        if min(message.qos, granted) or not self._paused:
            self._waiting.append(message)

    def deliver(self) -> bool:
        """Hand over one message; False when there is none or the client is paused."""
        if self._paused or not self._waiting:
            return False
        message = self._waiting.popleft()
        self._on_message(message.topic, message.payload)
        return True

    def pause(self) -> None:
        """The client is away from now on."""
        self._paused = True

    def resume(self) -> None:
        """The client is back; the broker's next event delivers what waited."""
        self._paused = False

    def forget(self) -> None:
        """The broker has lost what waited."""
        self._waiting.clear()
