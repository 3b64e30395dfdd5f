"""A meter model at work: which registers to read in few requests, and what their words mean.

`profile_text.load` makes it from the text of a profile (`firmware/profiles/`).
"""

from lib import decode


class ProfileError(Exception):
    """The profile is wrong; the text says where, what, and what would be right."""


class Profile:
    """One compiled meter model.

    names, units: of the quantities, in the order of the file.
    fields: (function, register, kind, low first?, num, den, patterns of no value, raw value at
        which it starts again) of each.
    blocks: list of (function, register, count), what to read in one poll.
    block_of: for each quantity the index of its block.
    baud_bps, parity, stop_bits, address: the meter's factory settings; parity as machine.UART
        takes it: None, 0 (even) or 1 (odd).
    rating_w: the highest active power that the meter is made for.
    """

    def __init__(
        self,
        model: str,
        serial: tuple,
        rating_w: int,
        names: tuple,
        units: tuple,
        fields: tuple,
        blocks: list,
        block_of: list,
    ):
        self.model = model
        self.baud_bps, self.parity, self.stop_bits, self.address = serial
        self.rating_w = rating_w
        self.names = names
        self.units = units
        self.blocks = blocks
        self.block_of = block_of
        self.fields = fields

    def index(self, name: str) -> int | None:
        """Position of quantity `name`; None when the meter has none."""
        return self.names.index(name) if name in self.names else None

    def modulus(self, place: int) -> int:
        """Where the register of the quantity at `place` starts again, in its unit; 0: never."""
        field = self.fields[place]
        return field[7] * field[4] // field[5]

    def values(self, block: int, payload: bytes, out: list) -> None:
        """Put the quantities of block number `block` from its answer into `out`, by position.

        None where the meter says that it has no value. Other positions stay untouched.
        """
        first = self.blocks[block][1]
        for i, field in enumerate(self.fields):
            if self.block_of[i] == block:
                _, register, kind, low_first, num, den, no_value, _ = field
                pattern = decode.raw(payload, 2 * (register - first), kind, low_first)
                missing = pattern in no_value
                out[i] = None if missing else decode.scaled(pattern, kind, num, den)
