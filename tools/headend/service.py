"""The ledger on a real broker: one MQTT client that acknowledges only what is committed.

The session is persistent, so the broker keeps what arrives while this process is away. The PUBACK
of a message goes out after its commit and after our answer to the collector; killed in between,
the broker sends the message again and the ledger drops the double. Messages that have arrived by
the time of a commit go into it together, since waiting for the disk is what takes the time.
"""

import contextlib
import logging
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from tools.headend.credentials import IN_THE_CLEAR, Credentials
from tools.headend.database import StoreError
from tools.headend.ledger import Ledger
from tools.headend.sharing import Alone, Refusal, Sharing

log = logging.getLogger(__name__)

_KEEPALIVE_S = 30
_RECONNECT_MIN_S, _RECONNECT_MAX_S = 1, 30
_ANSWER_S = 10.0  # the longest from our CONNECT to the broker's answer
_SOON_S = 10.0
_GROUP_MAX = 100  # messages in one commit
_TICK_S = 1.0
_LOOK_FOR_HOLES_S = 10.0


class ServiceError(Exception):
    """The service can not go on; the text says why, in one line."""


class Service:
    """Receives for one ledger until told to stop."""

    def __init__(
        self,
        ledger: Ledger,
        host: str,
        port: int,
        sharing: Sharing | Alone | None = None,
        on_ready: Callable[[], None] = lambda: None,
        credentials: Credentials = IN_THE_CLEAR,
    ) -> None:
        """`on_ready` is called whenever the subscriptions are in place. CredentialsError."""
        self._ledger = ledger
        self._host, self._port = host, port
        self._sharing = sharing or Alone()
        self._on_ready = on_ready
        self._accepted = False
        self._failure: str | None = None
        self._stopping = False
        self._waiting: list[mqtt.MQTTMessage] = []
        self._looked_s = self._connected_s = time.monotonic()
        self._woken, self._wake = os.pipe()
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2, manual_ack=True, **self._sharing.client_options
        )
        credentials.log_in(client)
        credentials.secure(client)
        client.on_socket_open = _hurry
        client.on_connect = self._connected
        client.on_disconnect = self._disconnected
        client.on_subscribe = self._subscribed
        client.on_message = lambda _, __, message: self._waiting.append(message)
        self._client = client

    def run(self) -> None:
        """Receive until `stop`. Raises `ServiceError` when the broker or the database refuses."""
        pause_s = _RECONNECT_MIN_S
        try:
            while not self._stopping and not self._failure:
                if self._connect():
                    self._serve()
                    pause_s = _RECONNECT_MIN_S
                if not self._stopping and not self._failure:
                    select.select([self._woken], [], [], pause_s)
                    pause_s = min(2 * pause_s, _RECONNECT_MAX_S)
        except StoreError as error:
            # Nothing was acknowledged: the broker sends it again to whoever runs next.
            raise ServiceError(f"database: {error}") from error
        if self._failure:
            raise ServiceError(self._failure)

    def stop(self) -> None:
        """End `run`; the broker keeps the session. May be called from a signal handler."""
        self._stopping = True
        os.write(self._wake, b"\0")

    def _connect(self) -> bool:
        options = self._sharing.connect_options
        try:
            self._client.connect(self._host, self._port, _KEEPALIVE_S, **options)
        except OSError:
            log.warning("no broker answers at %s; trying again", self._place)
            return False
        return True

    def _serve(self) -> None:
        """Until the connection ends. What is not committed then comes again."""
        self._waiting.clear()
        deadline_s = time.monotonic() + _ANSWER_S
        while not self._stopping and not self._failure:
            before = len(self._waiting)
            if not self._turn(0 if self._waiting else _TICK_S):
                return
            if not self._client.is_connected() and time.monotonic() > deadline_s:
                self._disconnected()
                return
            arrived = len(self._waiting)
            if arrived and (arrived == before or arrived >= _GROUP_MAX):
                self._commit()
            if self._accepted and time.monotonic() >= self._looked_s + _LOOK_FOR_HOLES_S:
                self._looked_s = time.monotonic()
                self._publish(self._ledger.ask(int(time.time())))
        self._client.disconnect()

    def _turn(self, timeout_s: float) -> bool:
        """Read and write what is due; whether the connection still stands."""
        opened = self._client.socket()
        if opened is None:
            return False
        wanting = [opened] if self._client.want_write() else []
        readable, writable, _ = select.select([opened, self._woken], wanting, [], timeout_s)
        if opened in readable and self._client.loop_read() != mqtt.MQTT_ERR_SUCCESS:
            return False
        if writable and self._client.loop_write() != mqtt.MQTT_ERR_SUCCESS:
            return False
        return self._client.loop_misc() == mqtt.MQTT_ERR_SUCCESS

    def _commit(self) -> None:
        """All that waits, in one transaction; then the answers, then the broker may forget it."""
        group, self._waiting = self._waiting, []
        messages = [(_topic(message), bytes(message.payload)) for message in group]
        self._publish(self._ledger.receive_all(messages, int(time.time())))
        for message in group:
            self._client.ack(message.mid, message.qos)

    def _publish(self, publications: list[tuple[str, bytes]]) -> None:
        for topic, payload in publications:
            self._client.publish(topic, payload, qos=1)

    @property
    def _place(self) -> str:
        return f"{self._host}:{self._port}"

    def _connected(
        self, client: mqtt.Client, _: Any, __: Any, reason: Any, properties: Any
    ) -> None:
        try:
            self._sharing.check(reason, properties)
        except Refusal as refusal:
            log.warning("%s %s", self._place, refusal)
            if not self._accepted:  # a wrong address or password does not heal by itself
                self._failure = f"{self._place} {refusal}"
            client.disconnect()
            return
        self._accepted = True
        self._connected_s = time.monotonic()
        log.info("connected to %s", self._place)
        self._sharing.subscribe(client)
        # What was acknowledged just before we or the broker died may not have arrived.
        self._publish(self._ledger.acks())

    def _subscribed(self, client: mqtt.Client, _: Any, mid: int, reasons: Any, *__: Any) -> None:
        if any(reason.is_failure for reason in reasons):
            self._failure = f"{self._place} refused a subscription: {reasons[0]}; check its rights"
            client.disconnect()
        elif self._sharing.is_subscribed(client, mid):
            self._on_ready()

    def _disconnected(self, *_: Any) -> None:
        if self._stopping or self._failure:
            return
        self._failure = self._sharing.failure(self._place, self._accepted)
        if self._accepted and not self._failure:
            # Two of one name throw one another out of the broker, for ever.
            soon = time.monotonic() - self._connected_s < _SOON_S
            hint = "; does another receiver run under the same name?" if soon else ""
            log.warning("connection to %s lost; trying again%s", self._place, hint)


def _hurry(_: Any, __: Any, opened: Any) -> None:
    """An answer is small, and must not wait for the broker to confirm the one before."""
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _topic(message: mqtt.MQTTMessage) -> str:
    """paho decodes the topic when it is asked for, and raises on bytes that are no text."""
    with contextlib.suppress(UnicodeDecodeError):
        return message.topic
    return ""


def stop_on_signals(service: Service) -> None:
    """SIGTERM and SIGINT end the service in good order."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: service.stop())
