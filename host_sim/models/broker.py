"""An MQTT 3.1.1 broker inside the simulated world: no sockets, no threads, no clock of its own.

Bytes go in by `Link.receive`, bytes come out by the `send` the link was accepted with, both at the
same instant of world time; the network between belongs to the world. Same calls, same answers:
nothing here depends on wall time, hashing or chance. It behaves as mosquitto does at QoS 0 and 1
(a test holds it to that, packet by packet); QoS 2 closes the connection.
"""

from collections.abc import Callable

from host_sim.models.mqtt_link import Link
from host_sim.models.mqtt_packets import ACCEPTED, Connect, Message
from host_sim.models.mqtt_session import LocalClient, Session, matches

OnPublish = Callable[[str, str, bytes, int, bool, bool], None]


class Broker:
    """Sessions, retained messages, and who gets what.

    `on_publish(client_id, topic, payload, qos, retain, dup)` sees every message that enters, wills
    and local ones too. `users` maps names to passwords (None: everybody may enter). `refuse_code`
    other than 0 turns every CONNECT away with that code, and may be set while the world runs.
    """

    def __init__(
        self,
        on_publish: OnPublish | None = None,
        now_us: Callable[[], int] = lambda: 0,
        users: dict[str, bytes] | None = None,
        max_inflight: int = 20,
        max_queued: int = 1000,
    ) -> None:
        self.users = users
        self.refuse_code = ACCEPTED
        self.now_us = now_us
        self.links: list[Link] = []
        self.sessions: dict[str, Session] = {}
        self.retained: dict[str, Message] = {}
        self._on_publish = on_publish
        self._max_inflight = max_inflight
        self._max_queued = max_queued
        self._locals: dict[str, LocalClient] = {}
        self._delivering = False
        self._anonymous = 0

    def accept(self, send: Callable[[bytes], None], close: Callable[[], None]) -> Link:
        """A connection has come up. `close` is called at most once, when the broker ends it."""
        link = Link(self, send, close)
        self.links.append(link)
        return link

    def attach(
        self, client_id: str, topic_filter: str, on_message: Callable[[str, bytes], None]
    ) -> LocalClient:
        """Hang a client of the same process on the broker, QoS 1; it gets retained messages first.

        `on_message(topic, payload)` may publish; it runs after the publisher's PUBACK has left.
        """
        client = LocalClient(topic_filter, on_message)
        self._locals[client_id] = client
        self._offer_retained(client, topic_filter, 1)
        self.deliver()
        return client

    def publish(
        self,
        topic: str,
        payload: bytes,
        qos: int = 1,
        retain: bool = False,
        client_id: str = "head-end",
    ) -> None:
        """Publish from inside the process."""
        self.route(client_id, Message(topic, payload, qos, retain))
        self.deliver()

    def tick(self) -> None:
        """End every connection whose client has been silent past its deadline."""
        now_us = self.now_us()
        for link in list(self.links):
            if link.deadline_us is not None and link.deadline_us <= now_us:
                link.end()
        self.deliver()

    @property
    def deadline_us(self) -> int | None:
        """When `tick` is due next; None when no connection has a deadline."""
        return min(
            (at for link in self.links if (at := link.deadline_us) is not None), default=None
        )

    def restart(self, keep_sessions: bool) -> None:
        """The broker dies and comes back: every connection ends, wills die with it.

        `keep_sessions` says whether it had written sessions and retained messages to disk.
        """
        for link in list(self.links):
            link.end(with_will=False)
        if not keep_sessions:
            self.sessions.clear()
            self.retained.clear()
            for client in self._locals.values():
                client.forget()

    def route(self, client_id: str, message: Message, dup: bool = False) -> None:
        """Take a message in: remember it if retained, offer it to everyone who asked for it."""
        if self._on_publish:
            self._on_publish(
                client_id, message.topic, message.payload, message.qos, message.retain, dup
            )
        if message.retain and message.payload:
            self.retained[message.topic] = message
        elif message.retain:
            self.retained.pop(message.topic, None)
        live = Message(message.topic, message.payload, message.qos)
        for client in [*self.sessions.values(), *self._locals.values()]:
            granted = client.granted(message.topic)
            if granted is not None:
                client.offer(live, granted)

    def deliver(self) -> None:
        """Let the local clients have what waits for them; what they publish is part of it."""
        if self._delivering:
            return
        self._delivering = True
        try:
            while any(client.deliver() for client in list(self._locals.values())):
                pass
        finally:
            self._delivering = False

    def open_session(self, connect: Connect) -> tuple[Session, bool]:
        """The session for a CONNECT, and whether it was there before (3.1.2.4)."""
        client_id = connect.client_id
        if not client_id:
            self._anonymous += 1
            client_id = f"auto-{self._anonymous}"
        for link in list(self.links):
            if link.session and link.session.client_id == client_id:
                # Taken over. Mosquitto publishes the will only when the old session ends with it.
                link.end(with_will=link.session.clean or connect.clean)
        session = self.sessions.get(client_id)
        present = session is not None and not session.clean and not connect.clean
        if session is None or not present:
            session = Session(client_id, connect.clean, self._max_inflight, self._max_queued)
            self.sessions[client_id] = session
        return session, present

    def subscribe(self, session: Session, topic_filter: str, qos: int) -> None:
        """Add or replace a filter and send what is retained for it."""
        session.filters[topic_filter] = qos
        self._offer_retained(session, topic_filter, qos)

    def _offer_retained(
        self, client: Session | LocalClient, topic_filter: str, granted: int
    ) -> None:
        for message in self.retained.values():
            if matches(topic_filter, message.topic):
                client.offer(message, granted)
