"""What the site may export, held against what its meter shows. Loaded only where something is
configured that could be broken: no program, or an approved power.
"""

from micropython import const

_RECEIVED = const(1)  # its place in books.CHANNELS


class Approval:
    """Stands between the collector and the readings, and tells what the rule has to say of every
    reading that got into the books. read_s: as Readings has it.
    """

    def __init__(self, readings, config, books, step_wh: int):
        """step_wh: of the register of received energy."""
        self._readings = readings
        self.read_s = readings.read_s
        self._books = books
        self._program = config["site.program"]
        if self._program == "none":
            from lib.unapproved import Unapproved

            self._rule = Unapproved()
        else:
            from lib.export import Export

            self._rule = Export(config["site.export_w"], config["site.export_s"], step_wh)

    def take(self, values: list) -> None:
        """The meter was read; `values` as Meter.poll() gives them."""
        self._readings.take(values)
        read_s = self.read_s[_RECEIVED]
        if read_s is None:
            return
        # after one that is held it is the same point again, which says nothing
        told = self._rule.take(self._books.register(_RECEIVED), read_s)
        if told:
            self._books.event(*told)

    def is_opening(self) -> bool:
        """As Readings has it."""
        return self._readings.is_opening()

    def figures(self) -> tuple:
        """(name, text) for the status message."""
        return (("program", self._program),)
