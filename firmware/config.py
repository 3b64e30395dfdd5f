"""The configuration that survives: a text in the identity partition, checked against
lib/settings.py when it is read.
"""

import once


class Config:
    """Values by key, always complete: what is not stored, or stored wrongly, has its default.

    problems: one line for each stored value that was refused.
    """

    def __init__(self, partition):
        self._partition = partition
        text = self._store().load()
        self._values, self.problems = self._check(b"{}" if text is None else text)

    def __getitem__(self, key: str):
        return self._values[key]

    def replace(self, text: bytes) -> list:
        """Store a new configuration, whole or not at all; the problems that prevented it."""
        values, problems = self._check(text)
        if not problems:
            self._store().save(text)
            self._values, self.problems = values, []
        return problems

    def _check(self, text: bytes) -> tuple:
        from lib import settings

        once.forget("settings")
        return settings.parse(text)

    def _store(self):
        from lib.slots import SlotStore

        once.forget("slots")
        return SlotStore(self._partition)
