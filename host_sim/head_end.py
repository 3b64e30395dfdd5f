"""The head-end inside the world: the same ledger as the real one, hung on the broker."""

from host_sim.models.broker import Broker
from host_sim.models.mqtt_session import LocalClient
from host_sim.world import World
from tools.headend.ledger import Ledger


class HeadEnd:
    """Takes what collectors say, and answers. Every so many messages (`repeats`; 0: never) it gets
    one a second time, behind the one that followed it: QoS 1 promises no less.
    """

    def __init__(self, world: World, broker: Broker, ledger: Ledger, repeats: int) -> None:
        self._world = world
        self._broker = broker
        self._ledger = ledger
        self._repeats = repeats
        self._delivered = 0
        self._again: list[tuple[str, bytes]] = []
        self._clients: list[LocalClient] = []

    def attach(self) -> None:
        """Listen from now on."""
        self._clients = [
            self._broker.attach(f"head-end {word}", f"ami/+/{word}", self._deliver)
            for word in ("status", "intervals", "events")
        ]

    def set_up(self, up: bool) -> None:
        """It goes away, or comes back; QoS 1 messages wait for it."""
        for client in self._clients:
            client.resume() if up else client.pause()

    def _deliver(self, topic: str, payload: bytes) -> None:
        again, self._again = self._again, []
        self._delivered += 1
        if self._repeats and self._delivered % self._repeats == 0:
            self._again.append((topic, payload))
        for message in [(topic, payload), *again]:
            self._take(*message)

    def _take(self, topic: str, payload: bytes) -> None:
        received_s = self._world.unix_us // 1_000_000
        for answer_topic, answer in self._ledger.receive(topic, payload, received_s):
            self._broker.publish(answer_topic, answer)
