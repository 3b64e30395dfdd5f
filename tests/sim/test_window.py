"""Many messages in flight: that they leave at once, and that their places become free again."""

import socket
from pathlib import Path

from tests.drivers.chip import simulation

BROKER_AND_BACKLOG = """
import asyncio
import esp32
from health import Health
from journal import Journal
from lib import events, payload
from uplink import Uplink

EVENT, POWER_UP = 0x11, 1  # lib/record.py, lib/events.py: the image has numbers, no names

class Session:
    sent = 0
    def set_last_will(self, topic, text, retain, qos): pass
    server = "127.0.0.1"
    async def open(self, address, timeout_ms): pass
    async def run(self): await asyncio.sleep_ms(1000000)
    async def subscribe_topic(self, topic, timeout_ms): pass
    async def ping_broker(self): pass
    def close(self): pass
    def next_packet_id(self):
        self.sent += 1
        return self.sent
    async def publish_text(self, topic, message, packet_id, retain=False):
        self.on_acknowledged(packet_id)

class Site:  # Wi-Fi, clock, and books
    trouble = None
    room = bytearray(256)
    async def join(self, timeout_ms): return True
    def is_up(self): return True
    def uptime_s(self): return 1
    def unix_s(self): return 1772409600
    def is_trusted(self): return True

async def main():
    journal = Journal(esp32.Partition("journal"))
    journal.open()
    for _ in range(200):
        journal.append(EVENT, events.pack(POWER_UP, 1, 1772409600, (1, 0, 0, 0)))
    config = {"mqtt.acknowledge": "broker", "mqtt.keepalive_s": 60}
    site, session = Site(), Session()
    health = Health(site, None, None)
    about, out = ("pk-1", "0", "bench"), payload.writer(400)
    recorded = asyncio.Event()
    uplink = Uplink(config, site, journal, site, recorded, site, session, health, about, out)
    asyncio.create_task(uplink.run())
    await asyncio.sleep_ms(1000)
    print(session.sent, journal.acked)
asyncio.run(main())
"""

OPTIONS = """
import asyncio
import socket
from drivers.broker import BrokerSession
from drivers.wifi import WiFi

def tell(self, level, option, value):
    print(level, option, value)
socket.socket.setsockopt = tell

async def main():
    await WiFi("meters", "correct horse battery").join(10000)
    await BrokerSession("pk-1", "broker", 1883, "", "", 60, bytearray(320)).open("broker", 5000)
    print("open")
asyncio.run(main())
"""


def test_no_message_waits_for_the_one_before(vm: str, tmp_path: Path) -> None:
    # Nagle's algorithm would hold a message back until TCP has an answer to the one before: a
    # round trip, or the 40 ms that the other side's TCP takes its time. TCP_NODELAY is on.
    chip = simulation(vm, OPTIONS, tmp_path, 30)
    chip.run()
    level, option = socket.IPPROTO_TCP, socket.TCP_NODELAY
    assert chip.collector.lives[0].console.splitlines() == [f"{level} {option} 1", "open"]


def test_an_answer_that_is_quicker_than_the_sender_frees_its_place(
    vm: str, tmp_path: Path
) -> None:
    # While a message still drains into TCP another task has read the broker's answer to it. Its
    # place must be free all the same: after sixteen such answers nothing would ever be sent again.
    chip = simulation(vm, BROKER_AND_BACKLOG, tmp_path, 10)
    chip.run()
    sent, acked = map(int, chip.collector.lives[0].console.split())
    assert sent > 50
    assert acked > 200 - 32
