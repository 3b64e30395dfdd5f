"""What the uplink sends next: the journal in order; and out of order what cannot wait for its
turn, or is asked for again.
"""

from micropython import const

from lib.shipment import Shipment

_AHEAD_MAX = const(4)
# A stretch that comes up so soon needs no detour: sixteen records are one or two messages.
_NEAR = const(16)


class Feed:
    """Messages from the journal, one at a time.

    What is sent out of order is sent in its place too: the order alone says how far everything has
    been told, and the head-end drops the double.
    """

    def __init__(self, journal, channels: tuple, out):
        """channels, out: as for lib/shipment.py."""
        self._journal = journal
        self.shipment = Shipment(channels, out)
        self._cursor = None
        self._refused = None
        self._history_upto = 0
        self.waiting = []  # stretches (after, upto) that are to be sent out of order
        self._stop = 0  # where the present one ends; 0: it is the order's turn
        self._in_order = 0  # meanwhile: where the order goes on

    def rewind(self, after: int) -> None:
        """A connection begins, or begins anew: in order from behind `after`."""
        self._history_upto = self._journal.newest
        self._stop = 0
        self._go(after)

    def upto(self) -> int:
        """The last record that was sent in order."""
        return self._in_order if self._stop else self.shipment.after

    def ahead(self, upto: int, after: int = -1) -> bool:
        """Send what lies in `after` < seq <= `upto`, or the record `upto` alone, soon, out of
        order. False when there is nothing, or too much waits already.
        """
        if after < 0:
            after = upto - 1
        upto = min(upto, self._journal.newest)
        if not 0 <= after < upto or len(self.waiting) >= _AHEAD_MAX:
            return False
        self.waiting.append((after, upto))
        return True

    def gather(self) -> bool:
        """Put the next message together; false when all has been sent."""
        if self.waiting:
            self._turn_off(*self.waiting.pop(0))
        while True:
            entry = self._refused or self._cursor.next()
            if entry is None or 0 < self._stop < entry.seq - entry.missed:
                self._refused = entry
                if not self.shipment.is_empty():
                    return True
                if not self._stop:
                    return False
                self._stop = 0
                self._go(self._in_order)
            elif self.shipment.add(entry):
                self._refused = None
            else:
                self._refused = entry
                return True

    def message(self) -> tuple:
        """Write it: (topic's last word, upto, after); after is -1 when it is in order."""
        shipment = self.shipment
        word, _ = shipment.message(self._journal.boot)
        after, upto = shipment.after, shipment.upto
        shipment.clear()
        return word, upto, after if self._stop else -1

    def _turn_off(self, after: int, upto: int) -> None:
        """Leave the order for a stretch; or the stretch that has not been sent to its end: it goes
        on behind those that wait.
        """
        at = self.shipment.after
        if self._stop:
            if at < self._stop:
                self.waiting.append((at, self._stop))
        elif after <= at + _NEAR and upto > at:
            return
        else:
            self._in_order = at
        self._stop = upto
        self._go(after)

    def _go(self, after: int) -> None:
        self.shipment.restart(after, self._history_upto)
        self._cursor = self._journal.sector_of(after + 1)
        self._refused = None
