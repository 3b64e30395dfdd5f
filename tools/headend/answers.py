"""What the head-end tells a collector: how far it has everything, the time, and the tariff."""

import logging
from collections.abc import Callable

from tools.headend.messages import Event, Status

log = logging.getLogger(__name__)

Publication = tuple[str, bytes]  # topic and payload
# The version and the almanac (tools/headend/almanac.py) of a moment in unix seconds; None: none.
TariffSource = Callable[[int], tuple[int, bytes] | None]

_DAY_S = 86_400
# How far an almanac must reach: for half a year it may be that no other comes.
_AHEAD_S = 200 * _DAY_S
_REASONS = {
    1: "not the JSON object it must be, or a key is unknown or missing",
    2: "version",
    3: "start",
    4: "days",
    5: "rows",
    6: "months",
    7: "not newer than what is there",
    8: "no room for it at present, in the flash or in the heap",
}
_NOT_OF_THE_CONTENT = (7, 8)


def ack(collector: str, watermark: int) -> Publication:
    """Received without a hole up to `watermark`."""
    return f"ami/{collector}/ack", b'{"v":1,"upto":%d}' % watermark


def time_now(collector: str, unix_s: int) -> Publication:
    """What time it is, for a collector that does not know."""
    return f"ami/{collector}/time", b'{"v":1,"unix_s":%d}' % unix_s


class TariffAnswers:
    """Which collector is told the tariff, and when: as an answer to its status, when it has an
    older one, or this one for fewer than 200 days.
    """

    def __init__(self, source: TariffSource | None) -> None:
        self._source = source
        self._told: dict[str, tuple[int, bytes]] = {}
        self._refused: dict[str, bytes] = {}
        self._newer: set[tuple[str, int]] = set()

    def to(self, status: Status, now_s: int) -> list[Publication]:
        """The answer to a status: the tariff, or nothing."""
        if self._source is None or status.tariff is None:
            return []
        told = self._source(now_s)
        if told is None:
            return []
        name, (version, almanac) = status.collector, told
        if status.tariff > version:
            if (name, status.tariff) not in self._newer:
                self._newer.add((name, status.tariff))
                log.warning(
                    "%s has version %d of the tariff, version %d is here: left alone",
                    name,
                    status.tariff,
                    version,
                )
            return []
        is_enough = status.tariff == version and status.tariff_until_s >= now_s + _AHEAD_S
        if is_enough or self._refused.get(name) == almanac:
            return []
        self._told[name] = told
        return [(f"ami/{name}/tariff", almanac)]

    def refused(self, collector: str, event: Event) -> None:
        """A collector has told that it refuses a tariff. It is not sent the very same again: each
        time it would write that into its flash.
        """
        version, reason = event.detail.get("version"), event.detail.get("reason")
        log.warning(
            "%s refuses version %s of the tariff: %s",
            collector,
            version,
            _REASONS.get(reason, f"reason {reason}") if isinstance(reason, int) else reason,
        )
        told = self._told.get(collector)
        if told and told[0] == version and reason not in _NOT_OF_THE_CONTENT:
            self._refused[collector] = told[1]
