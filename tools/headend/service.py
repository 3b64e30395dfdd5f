"""The ledger on a real broker: one MQTT client that acknowledges only what is committed.

The session is persistent, so the broker keeps what arrives while this process is away. The PUBACK
of a message goes out after its commit and after our answer to the collector; killed in between,
the broker sends the message again and the ledger drops the double.
"""

import contextlib
import logging
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from tools.headend.ledger import Ledger

log = logging.getLogger(__name__)

_TOPICS = [("ami/+/status", 1), ("ami/+/intervals", 1), ("ami/+/events", 1)]
_KEEPALIVE_S = 30
_RECONNECT_MIN_S, _RECONNECT_MAX_S = 1, 30


class ServiceError(Exception):
    """The service can not go on; the text says why, in one line."""


class Credentials(NamedTuple):
    """Files in PEM: by what the broker proves itself, and we do. Without `ca`: in the clear."""

    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None


IN_THE_CLEAR = Credentials()


class Service:
    """Receives for one ledger until told to stop."""

    def __init__(
        self,
        ledger: Ledger,
        host: str,
        port: int,
        client_id: str = "pulsekeep-head-end",
        on_ready: Callable[[], None] = lambda: None,
        credentials: Credentials = IN_THE_CLEAR,
    ) -> None:
        """`on_ready` is called whenever the subscriptions are in place. ServiceError when a file
        of the credentials is none.
        """
        self._ledger = ledger
        self._place = f"{host}:{port}"
        self._on_ready = on_ready
        self._accepted = False
        self._failure: str | None = None
        self._stopping = False
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            clean_session=False,
            manual_ack=True,
        )
        if credentials.ca:
            _secure(client, credentials)
        client.reconnect_delay_set(_RECONNECT_MIN_S, _RECONNECT_MAX_S)
        client.connect_async(host, port, _KEEPALIVE_S)
        client.on_connect = self._connected
        client.on_connect_fail = self._not_connected
        client.on_disconnect = self._disconnected
        client.on_subscribe = lambda *_: self._on_ready()
        client.on_message = self._received
        self._client = client

    def run(self) -> None:
        """Receive until `stop`. Raises `ServiceError` when the broker or the database refuses."""
        try:
            self._client.loop_forever(retry_first_connection=True)
        except sqlite3.Error as error:
            # Nothing was acknowledged: the broker sends it again to whoever runs next.
            raise ServiceError(f"database: {error}") from error
        if self._failure:
            raise ServiceError(self._failure)

    def stop(self) -> None:
        """End `run`; the broker keeps the session. May be called from a signal handler."""
        self._stopping = True
        self._client.disconnect()

    def _connected(self, client: mqtt.Client, _: Any, flags: Any, reason: Any, *__: Any) -> None:
        if reason.is_failure:
            log.warning("%s refused the connection: %s", self._place, reason)
            if not self._accepted:  # a wrong address or password does not heal by itself
                self._failure = f"{self._place} refused the connection: {reason}; check the broker"
                client.disconnect()
            return
        self._accepted = True
        if self._stopping:  # told so while the connection was being made
            client.disconnect()
            return
        log.info("connected to %s", self._place)
        client.subscribe(_TOPICS)
        # What was acknowledged just before we or the broker died may not have arrived.
        for topic, payload in self._ledger.acks():
            client.publish(topic, payload, qos=1)

    def _not_connected(self, *_: Any) -> None:
        log.warning("no broker answers at %s; trying again", self._place)

    def _disconnected(self, *_: Any) -> None:
        if self._accepted and not self._stopping:
            log.warning("connection to %s lost; trying again", self._place)

    def _received(self, client: mqtt.Client, _: Any, message: mqtt.MQTTMessage) -> None:
        received = bytes(message.payload)
        for topic, payload in self._ledger.receive(_topic(message), received, int(time.time())):
            client.publish(topic, payload, qos=1)
        client.ack(message.mid, message.qos)


def _secure(client: mqtt.Client, credentials: Credentials) -> None:
    try:
        ca, certificate, key = (None if file is None else str(file) for file in credentials)
        client.tls_set(ca, certificate, key)
    except (OSError, ValueError) as error:  # ssl's own errors are of OSError
        files = ", ".join(str(file) for file in credentials if file)
        raise ServiceError(f"no TLS with {files}: {error}") from error


def _topic(message: mqtt.MQTTMessage) -> str:
    """paho decodes the topic when it is asked for, and raises on bytes that are no text."""
    with contextlib.suppress(UnicodeDecodeError):
        return message.topic
    return ""


def stop_on_signals(service: Service) -> None:
    """SIGTERM and SIGINT end the service in good order."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: service.stop())
