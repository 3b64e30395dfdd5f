"""A real mosquitto that speaks TLS on one port, and in the clear with the head-end on another."""

import contextlib
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.authority import Authority, Identity
from tools.broker import Broker, BrokerError

HOST = "localhost"
MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin")


def free_port() -> int:
    """A port of loopback that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def secure_broker(
    folder: Path, authority: Authority, identity: Identity, *settings: str
) -> Iterator[tuple[Broker, int]]:
    """(broker, its TLS port); `settings`: more of the TLS listener."""
    if not MOSQUITTO:
        pytest.skip("NOT TESTED with TLS: mosquitto is not installed")
    certificates = folder / "broker"
    authority.identity.save(certificates, "ca")
    identity.save(certificates, "broker")
    for _ in range(5):  # somebody else may take the port meanwhile
        port = free_port()
        lines = [
            f"listener {port} 127.0.0.1",
            f"cafile {certificates}/ca.crt",
            f"certfile {certificates}/broker.crt",
            f"keyfile {certificates}/broker.key",
            *settings,
        ]
        with contextlib.suppress(BrokerError):
            broker = Broker.start("mosquitto", settings=lines)
            break
    else:
        raise AssertionError("no broker could be started")
    with broker:
        yield broker, port
