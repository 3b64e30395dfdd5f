"""Reads along on a real MQTT connection: which answers are awaited, what was published."""

import time

from host_sim.models.mqtt_packets import (
    CONNECT,
    PINGREQ,
    PUBLISH,
    SUBSCRIBE,
    ProtocolError,
    Splitter,
    parse_publish,
)
from host_sim.trace import Trace
from host_sim.world import World

_ANSWERED = (CONNECT, SUBSCRIBE, PINGREQ)
_MOMENT_S = 0.25
_PATIENCE_S = 2.0  # a broker on this machine that takes longer is gone; time goes on


class WireTap:
    """Counts what the firmware asked and the broker has not answered yet."""

    def __init__(self, world: World, trace: Trace) -> None:
        self._world = world
        self._trace = trace
        self._out = Splitter()
        self._back = Splitter()
        self._awaited = 0
        self._asked_s = 0.0

    def awaits_answer(self) -> bool:
        """Is an answer due that a living broker would give within moments?"""
        return self._awaited > 0 and time.monotonic() - self._asked_s < _PATIENCE_S

    def sent(self, data: bytes) -> None:
        """The firmware sent this."""
        try:
            for kind, flags, body in self._out.feed(data):
                if kind == PUBLISH:
                    publish = parse_publish(flags, body)
                    self._trace.add(
                        self._world.now_us,
                        f"publish {publish.message.topic}",
                        publish.message.payload,
                    )
                if kind in _ANSWERED or (kind == PUBLISH and flags & 6):
                    self._awaited += 1
                    self._asked_s = time.monotonic()
        except ProtocolError as error:
            self._trace.add(self._world.now_us, f"protocol error: {error}", data)

    def received(self, data: bytes) -> None:
        """The broker sent this."""
        for kind, _, _ in self._back.feed(data):
            if kind != PUBLISH and self._awaited:
                self._awaited -= 1

    def ended(self) -> None:
        """Nothing more is awaited."""
        self._awaited = 0


class CipherTap:
    """Beside a connection in TLS, where nobody can read along: an answer is awaited for a moment
    after whatever was said.
    """

    def __init__(self, world: World, trace: Trace) -> None:
        self._world = world
        self._trace = trace
        self._spoke_s = 0.0

    def awaits_answer(self) -> bool:
        """Would a living broker perhaps say something within moments?"""
        return time.monotonic() - self._spoke_s < _MOMENT_S

    def sent(self, data: bytes) -> None:
        """The firmware sent this; the trace has it as it went over the wire."""
        self._trace.add(self._world.now_us, "sent", data)
        self._spoke_s = time.monotonic()

    def received(self, data: bytes) -> None:
        """The broker sent this."""
        self._spoke_s = time.monotonic()

    def ended(self) -> None:
        """Nothing more is awaited."""
        self._spoke_s = 0.0
