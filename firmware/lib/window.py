"""The messages in flight: sent, and not yet taken by the broker."""

from array import array

_EACH = 3  # packet id, upto, after + 1


class Window:
    """All of them, oldest first, in numbers for which there is room from the start: a list would
    grow in the first long backlog, and never shrink again.
    """

    def __init__(self, size: int):
        """size: the most messages."""
        self._numbers = array("I", bytes(4 * _EACH * size))
        self._end = 0

    def __len__(self) -> int:
        """How many messages there are."""
        return self._end // _EACH

    def add(self, packet_id: int, upto: int, after: int = -1) -> None:
        """A message that tells records up to `upto`; out of order when `after` is told. IndexError
        when there is no room for one more.
        """
        end = self._end
        self._numbers[end + 2] = after + 1
        self._numbers[end + 1] = upto
        self._numbers[end] = packet_id
        self._end = end + _EACH

    def taken(self, packet_id: int) -> int:
        """The broker has taken it. How far everything in order is now known to be with the broker,
        by this message; 0 when it does not tell.
        """
        numbers = self._numbers
        for place in range(0, self._end, _EACH):
            if numbers[place] == packet_id:
                upto, is_ahead = numbers[place + 1], numbers[place + 2]
                self._drop(place)
                return 0 if place or is_ahead else upto
        return 0

    def dropped(self) -> list:
        """The connection is over, and with it all of them: (upto, after) of what was under way
        out of order.
        """
        numbers, end, self._end = self._numbers, self._end, 0
        return [
            (numbers[place + 1], numbers[place + 2] - 1)
            for place in range(0, end, _EACH)
            if numbers[place + 2]
        ]

    def _drop(self, place: int) -> None:
        self._end -= _EACH
        for later in range(place, self._end):
            self._numbers[later] = self._numbers[later + _EACH]
