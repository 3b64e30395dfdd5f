"""How fast a backlog reaches the head-end, what it costs on the wire, and what heap it takes: the
firmware's uplink beside umqtt, at one broker, in real time.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any, NamedTuple

from rich.table import Table

from host_sim.models.house import House
from host_sim.process import ROOT
from host_sim.scenario import Fault, Scenario
from host_sim.simulation import Simulation
from tools.bench import figure
from tools.bench.acknowledger import Acknowledger
from tools.bench.bench import Progress, Results
from tools.bench.delay import DelayedLine
from tools.bench.figure import Column, Figure
from tools.bench.flash import BenchError
from tools.bench.interpreter import run_in_real_time
from tools.bench.message_bytes import CHANNELS, COLLECTOR, START_S, hours
from tools.broker import Broker

NAME: str = "uplink"
PEERS = {"umqtt.simple": "uplink_umqtt_simple", "umqtt.robust": "uplink_umqtt_robust"}
ROBUST = ROOT / ".cache" / "umqtt_robust"  # tools/fetch_umqtt_robust.py
HOUR_US = 3_600_000_000
RING_BYTES = 128 * 1024
ONE_WAY_S = 0.025

FIGURES = (
    Figure("intervals_per_s_loopback", "intervals per second, loopback", at_least=5000),
    Figure("range_loopback", "  slowest to fastest drain"),
    Figure("intervals_per_s_50ms", "intervals per second, 50 ms round trip", at_least=4000),
    Figure("range_50ms", "  slowest to fastest drain"),
    Figure("bytes_per_interval", "MQTT bytes per interval, both ways", 1),
    Figure("heap_peak", "heap, live bytes at the most"),
)
CAPTION = """
Interval: one hour of one channel. Real time on this machine, 32-bit MicroPython with its own
sockets, {broker}; a busy machine shows. Uplink: the flashed modules drain what the firmware wrote
in {days} simulated days with the broker away ({intervals} intervals, and checkpoints and events)
from a file in flash's place, with no other task, until the head-end has acknowledged the last (one
that only acknowledges); the median of {drains}. umqtt: JSON with one interval each, {messages} of
them, QoS 1: publish waits for the broker. From before the connection to the last acknowledgement.
50 ms: a proxy holds back either direction for 25 ms; TCP's own answers it does not, by which umqtt
gains. Heap: after a full collection, at each packet (uplink: and each read of the journal), beyond
what was live before the client was made, its buffers included.
"""


@dataclass(frozen=True)
class Size:
    """How much is measured; the default is what the figures are published with."""

    days: int = 45
    drains: int = 5
    hours: int = 24  # that the peers publish
    weighed_hours: int = 3


class Drained(NamedTuple):
    """`bytes_carried`: 0 where there was no delayed line."""

    told: dict[str, Any]
    intervals: int
    bytes_carried: int

    @property
    def per_s(self) -> float:
        """Intervals per second."""
        return self.intervals / (self.told["elapsed_us"] / 1e6)


Drain = Callable[[int, int], Awaitable[tuple[dict[str, Any], int]]]


def measure(progress: Progress, size: Size = Size()) -> Results:
    """The uplink, and its peers where they have been fetched."""
    with progress.step(f"{size.days} simulated days without a broker, for a backlog"):
        backlog = written_meanwhile(size.days)
    with Broker.start() as broker:
        results: Results = {
            NAME: asyncio.run(_ours(progress, size, broker, backlog)),
            "uplink_bench": {**asdict(size), "broker": broker.kind},
        }
        for peer, key in PEERS.items():
            if peer == "umqtt.robust" and not ROBUST.is_dir():
                continue
            results[key] = asyncio.run(_peer(progress, size, broker, peer))
    return results


def tables(results: Results) -> list[Table]:
    """Side by side."""
    columns = [Column("uplink", results[NAME], ours=True)]
    columns += [Column(peer, results[key]) for peer, key in PEERS.items() if key in results]
    size = results["uplink_bench"]
    caption = CAPTION.format(
        **size, intervals=results[NAME]["intervals"], messages=size["hours"] * len(CHANNELS)
    )
    return [figure.table("Draining a backlog over MQTT", caption, FIGURES, columns)]


def verdicts(results: Results) -> list[Results]:
    """For our own."""
    return figure.verdicts(NAME, FIGURES, results[NAME])


def written_meanwhile(days: int) -> bytes:
    """The journal's partition after so many days of the whole firmware with the broker away. On
    CPython, the quicker one: it writes the same bytes.
    """
    scenario = Scenario(
        House(1, START_S),
        1,
        24 * days,
        settings={"meter.poll_s": 900},
        faults=(Fault(0, "broker", 2 * 24 * days * HOUR_US),),
        partitions={"journal": RING_BYTES},
    )
    simulation = Simulation(scenario, "cpython")
    simulation.run()
    return bytes(simulation.flash.chip("journal").data)


# --- the runs ---------------------------------------------------------------------------------


async def _ours(progress: Progress, size: Size, broker: Broker, backlog: bytes) -> dict[str, Any]:
    with Acknowledger(broker) as head_end:

        async def drain(port: int, weigh: int) -> tuple[dict[str, Any], int]:
            before = head_end.intervals
            with tempfile.NamedTemporaryFile() as journal:
                journal.write(backlog)
                journal.flush()
                told = await run_in_real_time(
                    "uplink.py", _task(broker, port, weigh, journal=journal.name)
                )
            return told, head_end.intervals - before

        with progress.step(f"uplink, {size.drains} drains on loopback"):
            near = [Drained(*await drain(broker.port, 0), 0) for _ in range(size.drains)]
        with progress.step(f"uplink, {size.drains} drains with a round trip of 50 ms"):
            far = [await _delayed(broker, drain) for _ in range(size.drains)]
        with progress.step("uplink, heap"):
            weighed, _ = await drain(broker.port, 1)
    return {
        "intervals": near[0].intervals,
        "range_loopback": _range(near),
        "range_50ms": _range(far),
        **_figures(near, far, weighed),
    }


async def _peer(progress: Progress, size: Size, broker: Broker, peer: str) -> dict[str, Any]:
    robust = str(ROBUST) if peer == "umqtt.robust" else ""
    day = list(hours())

    async def publish(port: int, weigh: int) -> tuple[dict[str, Any], int]:
        published = day[: size.weighed_hours if weigh else size.hours]
        task = _task(broker, port, weigh, robust=robust, hours=published, channels=CHANNELS)
        return await run_in_real_time("publish.py", task), len(published) * len(CHANNELS)

    with progress.step(f"{peer} on loopback"):
        near = [Drained(*await publish(broker.port, 0), 0)]
    with progress.step(f"{peer} with a round trip of 50 ms"):
        far = [await _delayed(broker, publish)]
    with progress.step(f"{peer}, heap"):
        weighed, _ = await publish(broker.port, 1)
    return _figures(near, far, weighed)


async def _delayed(broker: Broker, drain: Drain) -> Drained:
    async with DelayedLine(broker.port, ONE_WAY_S) as line:
        told, intervals = await drain(line.port, 0)
    return Drained(told, intervals, line.bytes_carried)


def _task(broker: Broker, port: int, weigh: int, **further: Any) -> dict[str, Any]:
    common = {"host": broker.host, "port": port, "collector": COLLECTOR, "weigh": weigh}
    return {**common, **further}


# --- what they say ----------------------------------------------------------------------------


def _figures(near: list[Drained], far: list[Drained], weighed: dict[str, Any]) -> dict[str, float]:
    counts = {each.intervals for each in near + far}
    if len(counts) > 1:
        raise BenchError(f"drains of one backlog brought {sorted(counts)} intervals")
    return {
        "intervals_per_s_loopback": median(each.per_s for each in near),
        "intervals_per_s_50ms": median(each.per_s for each in far),
        "bytes_per_interval": median(each.bytes_carried / each.intervals for each in far),
        "heap_peak": weighed["heap_peak"],
    }


def _range(drains: list[Drained]) -> str:
    rates = [each.per_s for each in drains]
    return f"{min(rates):,.0f} to {max(rates):,.0f}"
