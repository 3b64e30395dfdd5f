"""Builds what only some collectors have; each part where the configuration wants it. Needed at
start only: see once.py.
"""

from micropython import const

import once
from books import CHANNELS
from lib import events
from readings import ELECTRICITY

_LIVE_S = const(60)  # where only Home Assistant asks for it
_BURST = const(5)  # lib/leak.py
_AWAY = const(7)
_CLOSES_ON = {"none": 0, "burst": 1 << _BURST, "away": 1 << _BURST | 1 << _AWAY}
_MOVED_RECORDS = const(400)  # where a move of the valve is looked for, back from the newest


def classes(text: str, books, feed) -> tuple:
    """Let events be as urgent as the configuration says; the types that are told at once."""
    from lib import event_classes

    once.forget("lib.event_classes")
    once.forget("lib.event_words")
    now, log = event_classes.parse(text)
    books.alarms = tuple([kind for kind in now if kind not in events.AFTER_HOLD])
    feed.shipment.quiet = log
    return now


def shutoff(config, valve, books, pulses, journal) -> list:
    """The task that closes the water main; none where that cannot be."""
    counts = [count for count in pulses.counts if CHANNELS[count.place][0] == "water"]
    if not (valve and counts):
        return []
    from lib import valve as past
    from shutoff import Shutoff

    once.forget("lib.valve")
    closes_on = _CLOSES_ON[config["valve.close_on"]]
    last = past.last(journal.sector_of(journal.newest - _MOVED_RECORDS))
    pulses.valve = Shutoff(valve, books, pulses, counts[0], closes_on, last)
    return [(6, "valve", pulses.valve)]


def show(config, clock, books, collector, meter, readings, pulses, uplink, about) -> None:
    """Let it be seen what the meters show now, where somebody wants to see it."""
    from live import Live

    live_s = config["mqtt.live_s"] or _LIVE_S
    topic = "ami/%s/readings" % about[0]
    read_s = readings.read_s if readings else ()
    live = Live(live_s, topic, clock, books, meter, read_s, pulses, uplink)
    collector.on_round = live.take
    uplink.speakers.append(live.say)
    if config["homeassistant"]:
        from homeassistant import HomeAssistant

        names = ELECTRICITY + ("power_w",) if meter else ()
        names = [name for name in names if meter.index(name) is not None]
        names += [CHANNELS[count.place][0] for count in pulses.counts]
        # two rounds may be missing, and one may be late
        expire_s = 2 * max(live_s, config["meter.poll_s"]) + 60
        uplink.speakers.append(HomeAssistant(names, about, expire_s, uplink).say)
