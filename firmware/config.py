"""The configuration that survives: a text in the identity partition, checked when it is read."""

import gc

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
        return problems or self._save(values, settings.dump(values))

    def change(self, key: str, value) -> tuple:
        """Store one value: (the problems that prevented it, what is told of it).

        Told: CRC-16 of the key, and of a number the old and the new one; of a choice among words
        their places.
        """
        values, text, problems, told = self._changed(key, value)
        gc.collect()  # the code that checks and the code that stores need not fit in at once
        return problems or self._save(values, text), told

    def _changed(self, key: str, value) -> tuple:
        settings = self._settings()
        if not settings.is_key(key):
            return {}, b"", [settings.unknown(key)], ()
        told = (crc16(key.encode(), len(key)),) + settings.told(key, self._values[key])
        values, problems = settings.parse(settings.changed(self._values, key, value))
        if problems:
            return {}, b"", problems, ()
        return values, settings.dump(values), [], told + settings.told(key, value)

    def _save(self, values: dict, text: bytes) -> list:
        try:
            self._document().save(text)
        except (JournalError, OSError) as error:
            return ["identity partition: %s" % error]
        self._values, self.problems = values, []
        return []

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
