"""How a serial line is spoken: speed, parity and stop bits, always with eight data bits."""

from typing import NamedTuple


class LineSettings(NamedTuple):
    """`parity` is "N", "E" or "O"; `stop_bits` is 1 or 2."""

    baud_bps: int
    parity: str
    stop_bits: int

    @property
    def character_us(self) -> int:
        """Time of one character: start bit, eight data bits, parity bit if any, stop bits."""
        bits = 1 + 8 + (self.parity != "N") + self.stop_bits
        return bits * 1_000_000 // self.baud_bps

    def understands(self, speaker: "LineSettings") -> bool:
        """Whether bytes of `speaker` arrive whole: a receiver looks at the first stop bit only."""
        return (self.baud_bps, self.parity) == (speaker.baud_bps, speaker.parity)
