"""Export of a site that has no program for it."""

from micropython import const

from lib import events

_DAY_S = const(86400)


class Unapproved:
    """The judge of the register of received energy. What a boot reads first is where it begins: a
    rise that nobody saw may have been told by the boot before.
    """

    def __init__(self):
        self._register = None
        self._told_s = -_DAY_S

    def take(self, register: int, now_s: int) -> tuple | None:
        """A reading that is believed, in Wh, and the uptime: (event, its values) of what came
        since the last one that was told, at once, but at most once a day.
        """
        if self._register is None:
            self._register = register
        energy_wh = register - self._register
        if not energy_wh or now_s - self._told_s < _DAY_S:
            return None
        self._register, self._told_s = register, now_s
        return events.EXPORT_UNAPPROVED, (energy_wh,)
