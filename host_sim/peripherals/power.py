"""The supply."""


class PowerLost(Exception):
    """The supply is gone at this very moment; whatever the chip was doing stays half done."""
