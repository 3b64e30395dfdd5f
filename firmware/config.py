"""The configuration that survives: a text in the identity partition, checked when it is read."""

import gc

import once
from journal import JournalError
from lib.crc16 import crc16

TABLE = "settings.txt"  # of keys, for lib/settings.py


class Config:
    """Values by key (lib/settings.py), always complete: what is not stored, or stored wrongly, has
    its default.

    problems: one line for each stored value that was refused.
    """

    def __init__(self, partition):
        self._partition = partition
        text, trouble = _load(partition)
        settings, table = _settings()
        self._values, problems = settings.parse(text, table)
        self.problems = trouble + problems

    def __getitem__(self, key: str):
        return self._values[key]

    def replace(self, text: bytes) -> list:
        """Store a new configuration, whole or not at all; the problems that prevented it."""
        settings, table = _settings()
        values, problems = settings.parse(text, table)
        problems = problems or _save(self._partition, settings.dump(values, table))
        if not problems:
            self._values, self.problems = values, []
        return problems


def change(partition, key, value) -> tuple:
    """Store one value: (the problems that prevented it, what is told of it). It holds from the
    next start.

    Told: CRC-16 of the key, and of a number the old and the new one; of a choice among words their
    places.
    """
    text, _ = _load(partition)
    # the code that reads, checks and stores need not be there at once
    gc.collect()
    text, problems, told = _changed(text, key, value)
    gc.collect()
    problems = problems or _save(partition, text)
    if problems:
        return problems, ()
    return [], (crc16(key.encode(), len(key)),) + told


def _changed(text: bytes, key, value) -> tuple:
    settings, table = _settings()
    try:
        return settings.changed(text, key, value, table)
    except IndexError:
        told = "%s: the configuration would have more than %d bytes"
        return b"", [told % (key, settings.MAX_BYTES)], ()


def _load(partition) -> tuple:
    """(text, problems); a partition that holds something else, or nothing, means the defaults."""
    try:
        document = _document(partition)
        text = document.load() or b"{}"
    except (JournalError, OSError) as error:
        return b"{}", ["identity partition: %s" % error]
    if document.passed_over:
        return text, ["identity partition: %d newer copies damaged" % document.passed_over]
    return text, []


def _save(partition, text: bytes) -> list:
    try:
        _document(partition).save(text)
    except (JournalError, OSError) as error:
        return ["identity partition: %s" % error]
    return []


def _document(partition):
    from journal import document

    once.forget("journal.document")
    return document.Document(partition)


def _settings() -> tuple:
    """lib.settings, and the table that it wants."""
    from lib import settings

    once.forget("lib.settings")

    def table():
        with open(TABLE) as lines:
            yield from settings.rows(lines)

    return settings, table
