"""The messages in flight: sent, and not yet taken by the broker."""

_EACH = 3


class Window:
    """At most `size` messages, oldest first. One list of numbers: tuples would take twice that."""

    def __init__(self, size: int):
        self._numbers = []  # packet id, upto, after, packet id, ...
        self._limit = size * _EACH

    def is_full(self) -> bool:
        """No further message may be sent."""
        return len(self._numbers) >= self._limit

    def is_empty(self) -> bool:
        """The broker has taken all."""
        return not self._numbers

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

    def out_of_order(self) -> list:
        """The stretches (after, upto) that are under way out of order."""
        numbers = self._numbers
        return [
            (numbers[place + 2], numbers[place + 1])
            for place in range(0, len(numbers), _EACH)
            if numbers[place + 2] >= 0
        ]

    def clear(self) -> None:
        """The connection is over."""
        self._numbers.clear()
