"""How a receiver stands at the broker: alone, or as one of several that share the load.

Alone it speaks MQTT 3.1.1, which every broker does. Several are a group with a shared subscription
of MQTT 5: the broker gives each message to one of them. Each has a name of its own, by which the
broker knows it again, and gives it what it had not acknowledged, when it comes back soon.
"""

from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

_WORDS = ("status", "intervals", "events", "reply")
_QOS = 1
# Time to start again. Meanwhile mosquitto goes on giving this receiver its share, and keeps it;
# afterwards the others have all, and collectors are asked for what was lost (holes.py).
_SESSION_EXPIRY_S = 60
_VERSION_REFUSED = 132  # reason code of MQTT 5
_NO_MQTT_5 = (
    "does not speak MQTT 5, which sharing the load needs: take mosquitto 2, or leave out --share"
)


class Refusal(Exception):
    """The broker does not let us in; the text goes on after its address."""


class Alone:
    """The only receiver of its database."""

    client_options: dict[str, Any] = {"client_id": "pulsekeep-head-end", "clean_session": False}
    connect_options: dict[str, Any] = {}

    def check(self, reason: Any, _: Properties | None) -> None:
        """Whether the broker's answer is good; else `Refusal`."""
        if reason.is_failure:
            raise Refusal(f"refused the connection: {reason}; check the broker")

    def subscribe(self, client: mqtt.Client) -> None:
        """To all that collectors publish."""
        client.subscribe([(f"ami/+/{word}", _QOS) for word in _WORDS])

    def is_subscribed(self, _: mqtt.Client, __: int) -> bool:
        """Whether what was just confirmed is all of it."""
        return True

    def failure(self, _: str, __: bool) -> str | None:
        """Why there is no sense in connecting again."""
        return None


class Sharing:
    """One of the receivers of `group`."""

    def __init__(self, group: str, name: str) -> None:
        self._group = group
        self._subscription = 0
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = _SESSION_EXPIRY_S
        self.client_options: dict[str, Any] = {
            "client_id": f"pulsekeep-head-end-{group}-{name}",
            "protocol": mqtt.MQTTv5,
        }
        self.connect_options: dict[str, Any] = {"clean_start": False, "properties": properties}

    def check(self, reason: Any, properties: Properties | None) -> None:
        """Whether the broker's answer is good; else `Refusal`."""
        if reason.value == _VERSION_REFUSED:
            raise Refusal(_NO_MQTT_5)
        Alone().check(reason, properties)
        if getattr(properties, "SharedSubscriptionAvailable", 1) == 0:
            raise Refusal("offers no shared subscriptions: leave out --share, or take mosquitto 2")

    def subscribe(self, client: mqtt.Client) -> None:
        """To a share of all that collectors publish. A shared subscription brings nothing that is
        retained: so for a moment also to every status.
        """
        _, self._subscription = client.subscribe(
            [(f"$share/{self._group}/ami/+/{word}", _QOS) for word in _WORDS]
        )
        client.subscribe("ami/+/status", 0)

    def is_subscribed(self, client: mqtt.Client, mid: int) -> bool:
        """Whether what was just confirmed is the share."""
        if mid == self._subscription:
            return True
        client.unsubscribe("ami/+/status")  # all that is retained is on its way
        return False

    def failure(self, place: str, accepted: bool) -> str | None:
        """Why there is no sense in connecting again."""
        return None if accepted else f"{place} {_NO_MQTT_5}"
