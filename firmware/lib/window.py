"""The messages in flight: sent, and not yet taken by the broker."""

_EACH = 3


class Window:
    """All of them, oldest first. One list of numbers: tuples would take twice that."""

    def __init__(self):
        self._numbers = []  # packet id, upto, after, packet id, ...

    def __len__(self) -> int:
        """How many messages there are."""
        return len(self._numbers) // _EACH

    def add(self, packet_id: int, upto: int, after: int = -1) -> None:
        """A message that tells records up to `upto`; out of order when `after` is told."""
        self._numbers += (packet_id, upto, after)

    def taken(self, packet_id: int) -> int:
        """The broker has taken it. How far everything in order is now known to be with the broker,
        by this message; 0 when it does not tell.
        """
        numbers = self._numbers
        for place in range(0, len(numbers), _EACH):
            if numbers[place] == packet_id:
                upto, after = numbers[place + 1], numbers[place + 2]
                del numbers[place : place + _EACH]
                return upto if place == 0 and after < 0 else 0
        return 0

    def dropped(self) -> list:
        """The connection is over, and with it all of them: (upto, after) of what was under way
        out of order.
        """
        numbers, self._numbers = self._numbers, []
        return [
            (numbers[place + 1], numbers[place + 2])
            for place in range(0, len(numbers), _EACH)
            if numbers[place + 2] >= 0
        ]
