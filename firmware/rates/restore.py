"""Goes on with the registers, the demand and the almanac where the journal left them. Needed at
start: see once.py.

All is told once a day (rates/tell.py): some hundred records back at intervals of an hour. Where it
is not found there, nobody told it for weeks, and more is read.
"""

import once
from books import CHANNELS
from lib import almanac_text, events, frame, record, registers, varint
from lib.demand import PERIOD_S, Demand
from lib.tally import NONE, Tally
from rates import shelf

once.forget("lib.almanac_text")
once.forget("rates.shelf")

_BACK = (400, 6400)  # records
_EVENT_HEAD_BYTES = 7  # lib/events.py


def run(config, journal) -> tuple:
    """(tally, demand or None, where the almanac lies, almanac or None)."""
    is_demand = config["interval_s"] == PERIOD_S
    for back in _BACK:
        fold = Fold(journal.sector_of(max(1, journal.newest - back)), is_demand)
        if fold.is_whole() or back >= journal.newest:
            break
    almanac = None
    if fold.stored[0]:
        try:
            almanac = almanac_text.load(shelf.read(journal, *fold.stored))
        except ValueError:
            pass  # the head-end sees in the status that there is none
    return fold.tally, fold.demand, fold.stored, almanac


class Fold:
    """The tally after all records of a cursor."""

    def __init__(self, cursor, is_demand):
        self.tally = Tally(len(CHANNELS))
        self.demand = Demand() if is_demand else None
        self.stored = (0, 0)
        self._told = set()
        self._kept = None
        entry = cursor.next()
        while entry:
            self._take(entry)
            entry = cursor.next()

    def is_whole(self) -> bool:
        """Whether every channel that was ever read was told of."""
        boundaries = self._kept.boundaries if self._kept else ()
        return all(
            place in self._told for place, value in enumerate(boundaries) if value is not None
        )

    def _take(self, entry) -> None:
        if entry.missed:  # maybe the beginning of a period
            self.tally.now = (NONE, 0, 0, None)
        if entry.kind == record.SNAPSHOT:
            self._kept = registers.unpack(entry.payload)
        elif frame.is_frame(entry.kind) and self._kept:
            interval = frame.unpack(entry.kind, entry.payload, self._kept.boundary_s)
            self._kept.close(interval.end_s(), interval.deltas)
            self.tally.count(interval.end_s(), interval.deltas)
            if self.demand:
                self.demand.count(interval, self._kept.boundaries)
        elif entry.kind == record.EVENT:
            values = varint.unpack(entry.payload, _EVENT_HEAD_BYTES)
            self._hear(entry.payload[0], [varint.signed(value) for value in values])

    def _hear(self, kind: int, values: list) -> None:
        tally = self.tally
        if kind == events.TARIFF_PERIOD:
            tally.now = tuple(values[:4])
            self.stored = tuple(values[4:])
        elif kind == events.TARIFF_SET:
            self.stored = tuple(values[2:])
        elif kind == events.DEMAND and self.demand:
            self.demand.told = values
        elif kind == events.PERIOD_REGISTERS:
            place, _, _, until_s = values[:4]
            totals = tally.totals[place]
            for period in range(len(totals)):
                totals[period] = values[4 + period] if 4 + period < len(values) else 0
            tally.reached_s[place] = until_s
            self._told.add(place)
