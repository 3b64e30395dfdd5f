"""The configuration that survives: a text in the identity partition, checked when it is read."""

import once
from journal import JournalError
from lib.crc16 import crc16


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
        if problems:
            return problems
        try:
            self._document().save(settings.dump(values))
        except (JournalError, OSError) as error:
            return ["identity partition: %s" % error]
        self._values, self.problems = values, []
        return []

    def change(self, key: str, value) -> tuple:
        """Store one value: (the problems that prevented it, what is told of it).

        Told: CRC-16 of the key, and of a number the old and the new one; of a choice among words
        their places.
        """
        settings = self._settings()
        if not settings.is_key(key):
            return [settings.unknown(key)], ()
        old = self._values[key]
        problems = self.replace(settings.changed(self._values, key, value))
        told = (crc16(key.encode(), len(key)),)
        if not problems:
            told += settings.told(key, old) + settings.told(key, value)
        return problems, told

    def _load(self) -> tuple:
        """(text, problems); a partition that holds something else, or nothing, means the
        defaults."""
        try:
            document = self._document()
            text = document.load() or b"{}"
        except (JournalError, OSError) as error:
            return b"{}", ["identity partition: %s" % error]
        if document.passed_over:
            return text, ["identity partition: %d newer copies damaged" % document.passed_over]
        return text, []

    def _document(self):
        from journal import document

        once.forget("journal.document")
        return document.Document(self._partition)

    def _settings(self):
        from lib import settings

        once.forget("lib.settings")
        return settings
