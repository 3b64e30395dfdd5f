"""The embedded broker: amqtt in a process of its own, quiet, on loopback.

`python -m tools.embedded_broker PORT`; `tools.broker` starts it where mosquitto is not installed.
"""

import asyncio
import logging
import signal
import sys

from amqtt.broker import Broker
from amqtt.plugins.base import BaseAuthPlugin
from amqtt.session import Session

HOST = "127.0.0.1"


class OpenDoor(BaseAuthPlugin):
    """Lets everybody in. amqtt's own anonymous plugin throws persistent sessions away."""

    async def authenticate(self, *, session: Session) -> bool:
        """Every session is welcome."""
        return True


async def serve(port: int) -> None:
    """Run until SIGTERM or SIGINT."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    broker = Broker(
        {
            "listeners": {"default": {"type": "tcp", "bind": f"{HOST}:{port}"}},
            "plugins": {"tools.embedded_broker.OpenDoor": {}},
        }
    )
    await broker.start()
    await stopped.wait()
    await broker.shutdown()


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    asyncio.run(serve(int(sys.argv[1])))
