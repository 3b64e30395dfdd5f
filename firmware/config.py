"""The configuration that survives: a text in the identity partition, checked when it is read."""

import once


class Config:
    """Values by key (lib/settings.py), always complete: what is not stored, or stored wrongly, has
    its default.

    problems: one line for each stored value that was refused.
    """

    def __init__(self, partition):
        self._partition = partition
        text, trouble = self._load()
        self._values, problems = self._settings().parse(text)
        self.problems = trouble + problems

    def __getitem__(self, key: str):
        return self._values[key]

    def replace(self, text: bytes) -> list:
        """Store a new configuration, whole or not at all; the problems that prevented it."""
        settings = self._settings()
        values, problems = settings.parse(text)
        if not problems:
            self._slots().SlotStore(self._partition).save(settings.dump(values))
            self._values, self.problems = values, []
        return problems

    def _load(self) -> tuple:
        """(text, problems); a partition that is no store, or an empty one, means the defaults."""
        slots = self._slots()
        try:
            return slots.SlotStore(self._partition).load() or b"{}", []
        except (slots.SlotError, OSError) as error:
            return b"{}", ["identity partition: %s" % error]

    def _settings(self):
        from lib import settings

        once.forget("lib.settings")
        return settings

    def _slots(self):
        from lib import slots

        once.forget("lib.slots")
        return slots
