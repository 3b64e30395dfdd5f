"""One command to one collector, and its reply, over a connection of their own."""

import contextlib
import time
from queue import Empty, SimpleQueue
from typing import Any, Self

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from tools.headend.credentials import IN_THE_CLEAR, Credentials
from tools.headend.ledger import Ledger
from tools.headend.messages import MessageError, Reply, parse
from tools.headend.orders import Order, OrderError

_KEEPALIVE_S = 30


class Dialogue:
    """With a collector. Use as a context; `say` may be called again and again."""

    def __init__(
        self,
        ledger: Ledger,
        host: str,
        port: int,
        collector: str,
        credentials: Credentials = IN_THE_CLEAR,
    ) -> None:
        """Raises CredentialsError; and `OrderError` when no broker answers, on entering."""
        self._ledger = ledger
        self._place = host, port
        self._collector = collector
        self._heard: SimpleQueue[tuple[str, bytes] | str | None] = SimpleQueue()
        # No client id: the broker gives one, so that nobody is in another's way.
        client = mqtt.Client(CallbackAPIVersion.VERSION2)
        credentials.log_in(client)
        credentials.secure(client)
        client.on_connect = self._connected
        client.on_subscribe = lambda *_: self._heard.put(None)
        client.on_message = lambda _, __, message: self._heard.put(
            (message.topic, bytes(message.payload))
        )
        self._client = client

    def __enter__(self) -> Self:
        host, port = self._place
        try:
            self._client.connect(host, port, _KEEPALIVE_S)
        except OSError as error:
            raise OrderError(f"no broker answers at {host}:{port}: is it running?") from error
        self._client.loop_start()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def say(self, order: Order, timeout_s: float) -> Reply:
        """Send a command, and wait for its reply. Raises `OrderError` when none comes in time."""
        deadline_s = time.monotonic() + timeout_s
        # Subscribed first: a reply is not retained.
        self._client.subscribe(f"ami/{self._collector}/reply", qos=1)
        while self._next(deadline_s) is not None:
            pass
        boot, number, (topic, payload) = self._ledger.order(
            self._collector, order, int(time.time())
        )
        self._client.publish(topic, payload, qos=1)
        while True:
            heard = self._next(deadline_s)
            if heard is None:
                continue
            with contextlib.suppress(MessageError):  # the receiver refuses and counts it
                reply = parse(*heard)
                if isinstance(reply, Reply) and (reply.boot, reply.id) == (boot, number):
                    # The receiver keeps it too; but there may be none just now.
                    self._ledger.receive(*heard, int(time.time()))
                    return reply

    def _next(self, deadline_s: float) -> tuple[str, bytes] | None:
        """The next message; None: subscribed."""
        try:
            heard = self._heard.get(timeout=max(0, deadline_s - time.monotonic()))
        except Empty:
            raise OrderError(
                f"{self._collector} did not reply in time: is it connected? A report tells when a"
                " reply has come after all"
            ) from None
        if isinstance(heard, str):
            raise OrderError(heard)
        return heard

    def _connected(self, _: Any, __: Any, ___: Any, reason: Any, ____: Any) -> None:
        if reason.is_failure:
            host, port = self._place
            self._heard.put(f"{host}:{port} refused the connection: {reason}; check the broker")
