"""Tells Home Assistant, after each connect, which meters there are. Loaded only where it is
configured.
"""

import once


class HomeAssistant:
    """`say` is one of the uplink's speakers."""

    def __init__(self, names: list, about: tuple, expire_s: int, uplink):
        """names: what is told of (lib/discovery.py). about, expire_s: as there."""
        self._names = names
        self._about = about
        self._expire_s = expire_s
        self._uplink = uplink
        self._connection = self._told = 0  # in that one so many of the names

    def say(self, out) -> tuple | None:
        """Write what is told next; its topic, QoS, and that it is retained."""
        if self._connection != self._uplink.connections:
            self._connection = self._uplink.connections
            self._told = 0
        if self._told == len(self._names):
            return None
        name = self._names[self._told]
        self._told += 1
        try:
            from lib import discovery

            discovery.write(out, name, self._about, self._expire_s)
            topic = discovery.topic(self._about[0], name)
        except MemoryError:  # a broker keeps what it was told; with the next connection again
            print("homeassistant: no room in the heap")
            self._told = len(self._names)
            out.clear()
            once.sweep()
            return None
        finally:
            if self._told == len(self._names):
                once.forget("lib.discovery")
        return topic, 1, True
