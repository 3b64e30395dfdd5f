"""An MQTT session that never blocks, over umqtt.simple's client.

What umqtt does well stays (identity, will, credentials, ping, disconnect); what would stall a
metering loop is replaced: packets leave in one write each, answers come through asyncio, every
wait has a deadline, packet ids wrap at 65 535.
"""

import asyncio
import errno
import socket
import time

from micropython import const
from umqtt.simple import MQTTClient

from lib.inbox import Inbox
from lib.outbox import Outbox

_CONNACK = const(0x20)
_PUBLISH = const(0x30)
_PUBACK = const(0x40)
_SUBACK = const(0x90)
# The longest packet, but for messages and the names in it: CONNECT has some 90, and the head of a
# message for Home Assistant 70.
_PACKET_BYTES = const(112)
_IPPROTO_TCP = const(6)  # lwIP's, and everybody's
_TCP_NODELAY = const(1)
# a packet that finds the send buffer full is tried again so often, and for so long
_FULL_MS = const(20)
_SEND_MS = const(30000)


class LinkError(Exception):
    """The session is over; the text says why."""


class BrokerSession(MQTTClient):
    """One connection to the broker, from open() to close().

    `on_message(topic, payload)` and `on_acknowledged(packet_id)` are called from run(); a payload
    is good for the call only.
    """

    def __init__(
        self,
        client_id: str,
        host: str,
        port: int,
        user: str,
        password: str,
        keepalive_s: int,
        inbound: bytearray,
        certificates=None,
    ):
        """inbound: a buffer for the longest packet that is taken; a longer one is acknowledged and
        passed over. certificates: for all to be said in TLS, a drivers.certificates.Certificates;
        a text: why there can be no session; None: in the clear.
        """
        super().__init__(
            client_id, host, port, user or None, password or None, keepalive_s, ssl=certificates
        )
        self.on_message = None
        self.on_acknowledged = None
        names_bytes = 2 * len(client_id.encode()) + len(user.encode()) + len(password.encode())
        self.sock = Outbox(_PACKET_BYTES + names_bytes)
        self._address, self._socket, self._stream = "", None, None
        self._inbox = Inbox(inbound)
        self._heard_ms = self._sent_ms = 0
        self._subscribed = asyncio.Event()
        self._is_sending = False
        self._owed = b""  # acknowledgements of the broker's messages

    async def open(self, address: str | None, timeout_ms: int) -> None:
        """Connect and be accepted; LinkError if that fails or takes too long.
        address: of the broker, None for the one it had last.
        """
        self._address = address or self._address
        if not self._address:
            raise LinkError("no address of %s" % self.server)
        try:
            await asyncio.wait_for_ms(self._open(), timeout_ms)
        except asyncio.TimeoutError:
            raise LinkError("%s:%d does not answer" % (self.server, self.port)) from None
        except (OSError, ValueError) as error:
            why = self.ssl.told(error) if hasattr(self.ssl, "told") else error
            raise LinkError("%s:%d: %s" % (self.server, self.port, why)) from None

    def next_packet_id(self) -> int:
        """For the next message at QoS 1."""
        self.pid = self.pid % 65535 + 1  # 0 is not a packet id (MQTT 3.1.1 section 2.3.1)
        return self.pid

    async def publish_text(
        self, topic: str, message, packet_id: int, retain: bool = False
    ) -> None:
        """Send the text of `message` (a lib.jsontext.JsonWriter) at QoS 1, or at QoS 0 when
        `packet_id` is 0. The acknowledgement comes to `on_acknowledged`, maybe before this
        returns.
        """
        self.sock.publish(packet_id, topic.encode(), message.size(), retain)
        await self._flush(message.packet(self.sock.packet()))

    async def subscribe_topic(self, topic: str, timeout_ms: int) -> None:
        """Subscribe at QoS 1 and wait until the broker has granted it; run() must be running."""
        self._subscribed.clear()
        self.sock.subscribe(self.next_packet_id(), topic.encode())
        await self._flush()
        try:
            await asyncio.wait_for_ms(self._subscribed.wait(), timeout_ms)
        except asyncio.TimeoutError:
            raise LinkError("no answer to the subscription") from None

    async def ping_broker(self) -> None:
        """Ask for a sign of life when it is time: half a keepalive without a word, either way (a
        message at QoS 0 has no answer). Silence for one and a half ends the session.
        """
        now_ms = time.ticks_ms()
        silent_ms = time.ticks_diff(now_ms, self._heard_ms)
        if silent_ms > 1500 * self.keepalive:
            raise LinkError("the broker has been silent for %d s" % (silent_ms // 1000))
        unsent_ms = time.ticks_diff(now_ms, self._sent_ms)
        if max(unsent_ms, silent_ms) < 500 * self.keepalive:
            return
        self.sock.clear()
        self.ping()
        await self._flush()

    async def run(self) -> None:
        """Take in what the broker sends until the session ends: LinkError or OSError."""
        while True:
            await self._receive()
            while self._dispatch():
                pass
            if self._owed:
                owed, self._owed = self._owed, b""
                await self._flush(owed)

    def close(self) -> None:
        """Let go of the socket; safe at any time."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
            self._stream = None

    async def _open(self) -> None:
        self._inbox.clear()
        self._owed = b""
        if isinstance(self.ssl, str):
            raise OSError(self.ssl)
        if self.ssl:
            await self.ssl.ready()
        self._socket = socket.socket()
        self._socket.setblocking(False)
        # Else each message waits until TCP has an answer to the one before: a round trip or 40 ms.
        self._socket.setsockopt(_IPPROTO_TCP, _TCP_NODELAY, 1)
        address = socket.getaddrinfo(self._address, self.port)[0][-1]
        try:
            self._socket.connect(address)
        except OSError as error:
            if error.args[0] != errno.EINPROGRESS:
                raise
        if self.ssl:
            self._socket = self.ssl.wrap(self._socket, self.server)
        self._stream = asyncio.StreamReader(self._socket)
        will = (self.lw_topic.encode(), self.lw_msg) if self.lw_topic else ()
        login = (self.user.encode(), (self.pswd or "").encode()) if self.user else ()
        how = self.lw_qos << 3 | self.lw_retain << 5 if will else 0
        self.sock.connect(self.client_id.encode(), self.keepalive, will, how, login)
        await self._flush()
        answer = None
        while answer is None:
            await self._receive()
            answer = self._inbox.packet()
        kind, body, _ = answer
        if kind != _CONNACK or len(body) != 2 or body[1] != 0:
            told = self.server, self.port, body[-1] if body else 0
            raise LinkError("%s:%d refuses this collector (code %d)" % told)
        self._inbox.drop()

    async def _flush(self, packet=None) -> None:
        """Send the outbox, or a packet, in one piece. asyncio's writer would wait without end, in
        a copy of it.
        """
        packet = packet or self.sock.packet()
        if not packet:
            raise LinkError("a packet to the broker would be too long")
        while self._is_sending:  # for as long as _SEND_MS at the most
            await asyncio.sleep_ms(_FULL_MS)
        self._is_sending = True
        try:
            start_ms = self._sent_ms = time.ticks_ms()
            while True:
                if self._socket is None:
                    raise LinkError("the session is closed")
                packet = packet[self._socket.write(packet) or 0 :]
                if not packet:
                    break
                if time.ticks_diff(time.ticks_ms(), start_ms) >= _SEND_MS:
                    raise LinkError("the broker takes nothing")
                await asyncio.sleep_ms(_FULL_MS)
        finally:
            self._is_sending = False
        await asyncio.sleep_ms(0)  # no row of packets keeps the others from running

    async def _receive(self) -> None:
        count = await self._stream.readinto(self._inbox.room())
        if count is None:
            return
        if not count:
            raise LinkError("the broker has closed the connection")
        self._heard_ms = time.ticks_ms()
        self._inbox.fill(count)

    def _dispatch(self) -> bool:
        """Handle one complete packet; false if there is none."""
        try:
            packet = self._inbox.packet()
        except ValueError as error:
            raise LinkError(str(error)) from None
        if not packet:
            return False
        try:
            self._handle(*packet)
        except (IndexError, ValueError):
            raise LinkError("the broker sends packets that are malformed") from None
        self._inbox.drop()
        return True

    def _handle(self, kind: int, body: memoryview, is_cut: bool) -> None:
        if kind == _PUBACK and len(body) == 2:
            self.on_acknowledged(body[0] << 8 | body[1])
        elif kind == _SUBACK and len(body) == 3:
            if body[2] == 0x80:
                raise LinkError("the broker refuses the subscription")
            self._subscribed.set()
        elif kind & 0xF0 == _PUBLISH:
            self._take_message(kind, body, is_cut)

    def _take_message(self, kind: int, body: memoryview, is_cut: bool) -> None:
        start = 2 + (body[0] << 8 | body[1])
        topic = str(body[2:start], "utf-8")
        if kind & 6:
            self._owed += b"\x40\x02" + bytes(body[start : start + 2])
            start += 2
        if not is_cut:
            self.on_message(topic, body[start:])
