"""One connection to the in-world broker: what each packet does, and when it must end."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from host_sim.models import mqtt_packets as wire
from host_sim.models.mqtt_packets import Connect, Message, ProtocolError
from host_sim.models.mqtt_session import Session

if TYPE_CHECKING:
    from host_sim.models.broker import Broker

_CONNECT_TIMEOUT_S = 60  # mosquitto gives a silent connection the keepalive it has not named yet


class Link:
    """One connection, from accept to its end."""

    def __init__(
        self, broker: "Broker", send: Callable[[bytes], None], close: Callable[[], None]
    ) -> None:
        self.session: Session | None = None
        self.open = True
        self.deadline_us: int | None = None
        self._broker = broker
        self._send = send
        self._close = close
        self._splitter = wire.Splitter()
        self._will: Message | None = None
        self._silence_us = _CONNECT_TIMEOUT_S * 1_500_000
        self._heard()

    def receive(self, data: bytes) -> None:
        """Bytes from the client, cut anywhere. Ignored once the link has ended."""
        try:
            for kind, flags, body in self._splitter.feed(data):
                if not self.open:
                    return
                self._heard()
                self._handle(kind, flags, body)
                self._broker.deliver()
        except ProtocolError:
            self.end()
            self._broker.deliver()

    def lost(self) -> None:
        """The network took the connection away; the client's will is published."""
        self._close = lambda: None
        self.end()
        self._broker.deliver()

    def end(self, with_will: bool = True) -> None:
        """Close from the broker's side. A second call does nothing."""
        if not self.open:
            return
        self.open = False
        self.deadline_us = None
        self._broker.links.remove(self)
        session = self.session
        if session:
            session.disconnected()
            if session.clean:
                self._broker.sessions.pop(session.client_id, None)
            if self._will and with_will:
                self._broker.route(session.client_id, self._will)
        self._close()

    def _heard(self) -> None:
        """Any whole packet puts the deadline off; keepalive 0 means none (3.1.2.10)."""
        if self._silence_us:
            self.deadline_us = self._broker.now_us() + self._silence_us

    def _handle(self, kind: int, flags: int, body: bytes) -> None:
        if kind == wire.CONNECT and self.session is None:
            self._connect(wire.parse_connect(body))
        elif self.session is None:
            raise ProtocolError("the first packet is not CONNECT")
        elif kind == wire.PUBLISH:
            self._publish(self.session, wire.parse_publish(flags, body))
        elif kind == wire.PUBACK:
            self.session.acknowledged(wire.parse_puback(body))
        elif kind == wire.SUBSCRIBE:
            self._subscribe(self.session, *wire.parse_subscribe(body))
        elif kind == wire.UNSUBSCRIBE:
            self._unsubscribe(self.session, *wire.parse_unsubscribe(body))
        elif kind == wire.PINGREQ and not body:
            self._send(wire.build(wire.PINGRESP, 0, b""))
        elif kind == wire.DISCONNECT and not body:
            self.end(with_will=False)
        else:
            raise ProtocolError(f"packet kind {kind} out of place")

    def _connect(self, connect: Connect) -> None:
        code = self._refusal(connect)
        if code:
            self._send(wire.build(wire.CONNACK, 0, bytes([0, code])))
            self.end()
            return
        session, present = self._broker.open_session(connect)
        self._will = connect.will
        self._silence_us = connect.keepalive_s * 1_500_000
        self.deadline_us = None
        self._heard()
        self.session = session
        self._send(wire.build(wire.CONNACK, 0, bytes([present, wire.ACCEPTED])))
        session.connected(self._send)

    def _refusal(self, connect: Connect) -> int:
        users = self._broker.users
        if connect.level != 4:
            return wire.BAD_LEVEL
        if not connect.client_id and not connect.clean:
            return wire.BAD_CLIENT_ID
        if users is not None and (
            connect.user is None
            or connect.password is None
            or users.get(connect.user) != connect.password
        ):
            return wire.NOT_AUTHORISED
        return self._broker.refuse_code

    def _publish(self, session: Session, publish: wire.Publish) -> None:
        self._broker.route(session.client_id, publish.message, publish.dup)
        if publish.message.qos:
            self._send(wire.build_answer(wire.PUBACK, publish.packet_id))

    def _subscribe(self, session: Session, packet_id: int, asked: list[tuple[str, int]]) -> None:
        granted = bytes(min(qos, 1) for _, qos in asked)
        self._send(wire.build_answer(wire.SUBACK, packet_id, granted))
        for (topic_filter, _), qos in zip(asked, granted, strict=True):
            self._broker.subscribe(session, topic_filter, qos)

    def _unsubscribe(self, session: Session, packet_id: int, filters: list[str]) -> None:
        for topic_filter in filters:
            session.filters.pop(topic_filter, None)
        self._send(wire.build_answer(wire.UNSUBACK, packet_id))
