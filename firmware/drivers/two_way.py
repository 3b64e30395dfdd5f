"""A meter with two outputs: one pulses forward, the other backward."""


class TwoWay:
    """Forward less backward, as one input."""

    def __init__(self, forward, backward):
        self._forward = forward
        self._backward = backward

    def pulses(self) -> int:
        """Pulses forward less those backward since this boot: it may fall."""
        return self._forward.pulses() - self._backward.pulses()

    def bounces(self) -> int:
        """Of both."""
        return self._forward.bounces() + self._backward.bounces()

    def fault(self) -> int:
        """Of either wire (lib/loop.py)."""
        return self._forward.fault() or self._backward.fault()
