"""Starts an MQTT broker on loopback: mosquitto when it is installed, else the embedded amqtt.

`with Broker.start() as broker:` gives `broker.host`, `broker.port`, `broker.kind` and
`broker.pid`; the broker answers MQTT when `start` returns and is gone, with its files, when the
block ends. From the shell: `python -m tools.broker [--prefer amqtt] [--port 1883]`.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

HOST = "127.0.0.1"
KINDS = ("auto", "mosquitto", "amqtt")

_START_TIMEOUT_S = 20.0  # amqtt needs seconds to import on a slow machine
_STOP_TIMEOUT_S = 5.0
_POLL_S = 0.02
_PORT_TRIES = 5
_SBIN = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")  # not on every user's PATH
# CONNECT of client "pulsekeep-probe", clean session, keepalive 10 s; and DISCONNECT.
_CONNECT = b"\x10\x1b\x00\x04MQTT\x04\x02\x00\x0a\x00\x0fpulsekeep-probe"
_DISCONNECT = b"\xe0\x00"


class BrokerError(Exception):
    """No broker could be started; the text says why, in one line."""


class Broker:
    """A running broker process. Use `start`; leaving the `with` block stops it."""

    def __init__(self, kind: str, port: int, process: subprocess.Popen, folder: Path) -> None:
        self.kind = kind
        self.host = HOST
        self.port = port
        self._process = process
        self._folder = folder

    @classmethod
    def start(
        cls,
        prefer: str = "auto",
        port: int = 0,
        store: Path | None = None,
        settings: Sequence[str] = (),
    ) -> Self:
        """Start a broker and wait until it answers an MQTT CONNECT.

        `port` 0 takes a free one. `store` is a folder where mosquitto keeps sessions and retained
        messages over a restart; without it (and always with amqtt) they live in memory only.
        `settings`: more lines of mosquitto's configuration, such as further listeners.
        Raises `BrokerError`.
        """
        if prefer not in KINDS:
            raise BrokerError(f"unknown broker {prefer!r}: choose one of {', '.join(KINDS)}")
        program = _mosquitto()
        if prefer == "mosquitto" and not program:
            raise BrokerError("mosquitto is not installed: install it, or choose amqtt")
        kind = "mosquitto" if program and prefer != "amqtt" else "amqtt"
        reason = ""
        for _ in range(1 if port else _PORT_TRIES):
            folder = Path(tempfile.mkdtemp(prefix="pulsekeep-broker-"))
            chosen = port or _free_port()
            process = _spawn(kind, program, chosen, folder, store, settings)
            broker = cls(kind, chosen, process, folder)
            try:
                broker._wait_until_ready()
                return broker
            except BrokerError as error:  # most likely another process took the port meanwhile
                reason = str(error)
                broker.stop()
        raise BrokerError(reason)

    @property
    def pid(self) -> int:
        """The process id of the broker."""
        return self._process.pid

    def stop(self) -> None:
        """End the broker by its process id and remove its files. Safe to call twice."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the broker without letting it write anything."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self._process.poll() is None:
            self._process.send_signal(how)
            try:
                self._process.wait(_STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _START_TIMEOUT_S
        while time.monotonic() < deadline:
            try:
                # Waiting for the process is the pause between two tries, and sees it die at once.
                self._process.wait(_POLL_S)
            except subprocess.TimeoutExpired:
                if _answers(self.port):
                    return
            else:
                raise BrokerError(f"{self.kind} ended at once: {self._last_words()}")
        raise BrokerError(f"{self.kind} did not answer within {_START_TIMEOUT_S:.0f} s")

    def _last_words(self) -> str:
        lines = (self._folder / "log").read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"exit status {self._process.returncode}, no message"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _mosquitto() -> str | None:
    return shutil.which("mosquitto", path=os.pathsep.join([os.environ.get("PATH", ""), *_SBIN]))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def _spawn(
    kind: str,
    program: str | None,
    port: int,
    folder: Path,
    store: Path | None,
    settings: Sequence[str],
) -> subprocess.Popen:
    if kind == "mosquitto" and program:
        config = folder / "mosquitto.conf"
        config.write_text(_mosquitto_config(port, store, settings))
        command = [program, "-c", str(config)]
    else:
        command = [sys.executable, "-m", "tools.embedded_broker", str(port)]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            command,
            cwd=Path(__file__).parents[1],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


def _mosquitto_config(port: int, store: Path | None, settings: Sequence[str]) -> str:
    lines = [
        f"listener {port} {HOST}",
        "log_dest stderr",
        "log_type error",
        "set_tcp_nodelay true",  # a small packet must not wait 40 ms for the peer's delayed ACK
        f"persistence {'true' if store else 'false'}",
    ]
    if store:
        lines += [f"persistence_location {store}/", "autosave_interval 1"]
    if not any(line.startswith("allow_anonymous ") for line in settings):
        lines.append("allow_anonymous true")
    if os.geteuid() == 0:
        lines.append("user root")  # else it drops to a user that may not write in our folder
    return "\n".join([*lines, *settings]) + "\n"


def _answers(port: int) -> bool:
    """Whether an MQTT broker takes or refuses a session; an open port alone proves nothing."""
    try:
        with socket.create_connection((HOST, port), timeout=1.0) as connection:
            connection.sendall(_CONNECT)
            answer = connection.recv(4)
            connection.sendall(_DISCONNECT)
    except OSError:
        return False
    return answer[:2] == b"\x20\x02"


def main() -> int:
    """Run a broker until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tools.broker", description=__doc__)
    parser.add_argument("--prefer", choices=KINDS, default="auto")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    options = parser.parse_args()
    try:
        with Broker.start(options.prefer, options.port) as broker:
            print(
                f"{broker.kind} on {broker.host}:{broker.port}, process {broker.pid}", flush=True
            )
            ending = {signal.SIGINT, signal.SIGTERM}
            signal.pthread_sigmask(signal.SIG_BLOCK, ending)  # after start: a child inherits it
            signal.sigwait(ending)
    except BrokerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
