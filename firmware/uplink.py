"""Ships the journal to the head-end, in order, until the head-end has acknowledged it.

Nothing is forgotten on the way: what was sent and not acknowledged is sent again after a reconnect
or a long silence, and the head-end drops what it knows already.
"""

import asyncio
from binascii import crc32

from micropython import const

import once
from books import CHANNELS
from drivers.broker import LinkError
from feed import Feed
from lib import payload
from lib.jitter import Jitter
from lib.window import Window

HEARTBEAT = "uplink"
HEARTBEAT_S = const(1800)
_HEAD_END = const(1)  # timekeeper.py
_WINDOW = const(16)  # messages in flight; mosquitto takes 20
_ALARMS = const(4)  # and so many more of what cannot wait
_JOIN_MS = const(60000)
_OPEN_MS = const(30000)
_ANSWER_MS = const(20000)
_BACKOFF_MS = const(2000)
_BACKOFF_MAX_MS = const(300000)
_STATUS_S = const(21600)
_STATUS_SOON_S = const(120)  # while the time is not known: the head-end answers with its own
_TIMELY_S = const(10)  # an answer with a time that comes later is not taken
_ACKS_UNWRITTEN = const(32)
_RESEND_S = const(1800)  # taken by the broker, but not acknowledged for so long: once more
_PUBACK_S = const(60)  # a broker that has not taken a message by then has not got it


class Uplink:
    """One connection after the other, each from birth to its end."""

    def __init__(self, config, books, journal, clock, recorded, wifi, session, health, about, out):
        """recorded: set by whoever appends to the journal. about: names of collector, firmware and
        board. out: where messages are written (lib/payload.py).

        Callbacks: on_time, called as Timekeeper.told(); on_command; on_tariff, true when the text
        is taken, and its "tariff" is added to `topics`. speakers: functions, called with the empty
        buffer of a message whenever that is free, and after wake(); each returns topic, QoS and
        retain flag of the text that it wrote, or None. connections: how many since the start;
        is_live: there is one; trouble: why not. acked: the head-end has all up to it.
        """
        self.on_time = lambda source, unix_s, window_ms: None  # timekeeper.py
        self.on_command = lambda text: None
        self.on_tariff = lambda text: text is None
        self.speakers = []
        self.wake = recorded.set
        self.connections, self.is_live, self.trouble = 0, False, ""
        self.topics = ["ack", "time", "command"]
        self._books = books
        self._journal = journal
        self._clock = clock
        self._wake = recorded
        self._wifi = wifi
        self.session = session
        self._health = health
        collector_id, *self._about = about
        self._topic = "ami/" + collector_id + "/"
        self._jitter = Jitter(crc32(collector_id.encode()))
        self._broker_acknowledges = config["mqtt.acknowledge"] == "broker"
        self._out = out
        self.feed = Feed(journal, CHANNELS, self._out)
        self._window = Window(_WINDOW + _ALARMS)
        self._ended = None
        self.acked = journal.acked
        self._progress_s = self._told_s = self._taken_s = 0
        session.on_message = self._on_message
        session.on_acknowledged = self._on_acknowledged
        session.set_last_will(self._topic + "status", _texts().will(journal.boot), True, 1)

    async def run(self) -> None:
        """Connect, ship, and begin again after every failure, with growing and jittered pauses."""
        self._health.expect(HEARTBEAT, HEARTBEAT_S)
        backoff_ms = _BACKOFF_MS
        while True:
            self._health.beat(HEARTBEAT)
            try:
                if not await self._wifi.join(_JOIN_MS):
                    raise LinkError("no Wi-Fi")
                await self.session.open(await self._address(), _OPEN_MS)
                backoff_ms = _BACKOFF_MS
                await self._live()
            except (LinkError, OSError) as error:
                self.trouble = str(error)
                print("uplink:", error)
            finally:
                self.session.close()
            if not self._wifi.is_up():
                self._wifi.restart()
            await asyncio.sleep_ms(self._jitter.spread(backoff_ms))
            backoff_ms = min(backoff_ms * 2, _BACKOFF_MAX_MS)

    def tell_status(self) -> None:
        """Tell the status soon: the head-end is to know."""
        self._told_s = -_STATUS_S

    async def _address(self) -> str | None:
        from drivers import datagrams

        return await datagrams.address_of(self.session.server, self._wifi)

    async def _live(self) -> None:
        """From birth to the end of one connection."""
        self._ended = None
        self.connections += 1
        for upto, after in self._window.dropped():
            self.feed.ahead(upto, after)
        self.tell_status()
        reader = asyncio.create_task(self._read())
        try:
            for word in self.topics:
                await self.session.subscribe_topic(self._topic + word, _ANSWER_MS)
            await self._tell_status()
            self._rewind()
            self.is_live, self.trouble = True, ""
            while True:
                await self._ship()
                await self._rest()
        finally:
            self.is_live = False
            reader.cancel()

    async def _read(self) -> None:
        try:
            await self.session.run()
        except Exception as error:
            if isinstance(error, MemoryError):
                del self.topics[3:]  # it would come again with every connection
            self._ended = error
            self._wake.set()

    async def _ship(self) -> None:
        """Send all that is in the journal and fits in the window."""
        while True:
            await self._let_speak()
            most = _WINDOW + _ALARMS if self.feed.waiting else _WINDOW
            if len(self._window) >= most or not self.feed.gather():
                return
            word, upto, after = self.feed.message()
            packet_id = self.session.next_packet_id()
            if not self._window:
                self._taken_s = self._clock.uptime_s()
            # before it is sent: the answer may be quicker than the next line
            self._window.add(packet_id, upto, after)
            await self.session.publish_text(self._topic + word, self._out, packet_id)
            self._health.beat(HEARTBEAT)

    async def _let_speak(self) -> None:
        for speaker in self.speakers:
            said = speaker(self._out)
            while said:
                topic, qos, retain = said
                packet_id = self.session.next_packet_id() if qos else 0
                await self.session.publish_text(topic, self._out, packet_id, retain)
                self._out.clear()
                said = speaker(self._out)

    async def _rest(self) -> None:
        """Wait for a record, an acknowledgement or the end, or to be woken for a look; keep the
        connection alive.
        """
        self._wake.clear()
        if self._ended is None:
            await self._wake.wait()
        self._health.beat(HEARTBEAT)
        if self._ended is not None:
            raise self._ended
        if self._window and self._clock.uptime_s() - self._taken_s > _PUBACK_S:
            raise LinkError("the broker takes no messages")
        await self.session.ping_broker()
        overdue_s = self._clock.uptime_s() - self._progress_s
        if self.acked < self.feed.upto() and overdue_s > _RESEND_S:
            self._rewind()
        fresh_s = _STATUS_S if self._clock.is_trusted() else _STATUS_SOON_S
        if self._clock.uptime_s() - self._told_s > fresh_s:
            await self._tell_status()

    def _rewind(self) -> None:
        """Send again all that is not acknowledged."""
        self.feed.rewind(self.acked)
        self._progress_s = self._clock.uptime_s()

    def _on_acknowledged(self, packet_id: int) -> None:
        upto = self._window.taken(packet_id)
        self._taken_s = self._clock.uptime_s()
        if self._broker_acknowledges:
            self._acknowledge(upto)
        self._wake.set()

    def _on_message(self, topic: str, text: memoryview) -> None:
        if topic == self._topic + "ack":
            upto = payload.told(text, "upto")
            if upto is not None:
                self._acknowledge(upto)
        elif topic == self._topic + "time":
            unix_s = payload.told(text, "unix_s")
            late_s = self._clock.uptime_s() - self._told_s
            if unix_s and late_s <= _TIMELY_S:
                self.on_time(_HEAD_END, unix_s, (late_s + 2) * 1000)
        elif topic == self._topic + "command":
            self.on_command(text)
            self._wake.set()
        elif topic == self._topic + "tariff" and self.on_tariff(text):
            self.tell_status()
            self._wake.set()

    def _acknowledge(self, upto: int) -> None:
        """The head-end has everything up to here. Not every step is written down: what a cut makes
        the collector forget is sent again, and dropped as a double."""
        if self.acked < upto <= self.feed.upto():
            self.acked = upto
            self._progress_s = self._clock.uptime_s()
            if upto - self._journal.acked >= _ACKS_UNWRITTEN:
                self._journal.ack(upto)

    async def _tell_status(self) -> None:
        """Birth, retained; again every few hours, with fresh figures. No message is under way
        then: it goes through the same buffer.
        """
        firmware, board = self._about
        journal = self._journal
        figures = (("acked", self.acked), ("newest", journal.newest))
        if self._books.trouble:
            figures += (("trouble", self._books.trouble),)
        unix_s = self._clock.unix_s() if self._clock.is_trusted() else None
        figures = self._health.figures() + figures
        _texts().birth(self._out, journal.boot, unix_s, firmware, board, figures)
        packet_id = self.session.next_packet_id()
        await self.session.publish_text(self._topic + "status", self._out, packet_id, True)
        self._out.clear()
        self._told_s = self._clock.uptime_s()


def _texts():
    from lib import status_text

    once.forget("lib.status_text")
    return status_text
