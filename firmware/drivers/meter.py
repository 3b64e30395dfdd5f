"""One Modbus meter: a poll brings the quantities its profile describes, in as few reads as the
profile allows.
"""


class Meter:
    """A slave address on the line of `master`, read through its profile. values: of the last
    poll().
    """

    def __init__(self, master, profile, address: int):
        self.master = master
        self.profile = profile
        self.values = [None] * len(profile.names)
        self.address = address

    def index(self, quantity: str) -> int | None:
        """Where poll() puts a quantity; None when the meter has none."""
        return self.profile.index(quantity)

    def figures(self) -> tuple:
        """(name, integer) pairs for the status message: how the line does."""
        state = self.master.state(self.address)
        return (
            ("modbus_requests", state.requests),
            ("modbus_timeouts", state.timeouts),
            ("modbus_crc_errors", state.crc_errors),
            ("modbus_exceptions", state.exceptions),
        )

    async def poll(self) -> list:
        """Values by position, None where the meter has none; ModbusError if any read fails.

        The list is the meter's own and changes with the next poll.
        """
        for block, (function, register, count) in enumerate(self.profile.blocks):
            payload = await self.master.read(self.address, function, register, count)
            self.profile.values(block, payload, self.values)
        return self.values
