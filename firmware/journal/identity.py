"""The configuration's text in the identity partition; what cannot be read or written is told."""

import gc

import once
from journal import Journal, JournalError


def load(partition, journal=None) -> tuple:
    """(text, problems); a partition that holds something else, or nothing, means the defaults.
    journal: of opened(), where that was called before.
    """
    try:
        document = _document(journal or opened(partition))
        text = document.load() or b"{}"
    except (JournalError, OSError) as error:
        return b"{}", ["identity partition: %s" % error]
    if document.passed_over:
        return text, ["identity partition: %d newer copies damaged" % document.passed_over]
    return text, []


def save(partition, text: bytes) -> list:
    """Store it; the problems that prevented that."""
    try:
        _document(opened(partition)).save(text)
    except (JournalError, OSError) as error:
        return ["identity partition: %s" % error]
    return []


def opened(partition) -> Journal:
    """The journal that a document is kept in."""
    journal = Journal(partition)
    journal.open()
    return journal


def _document(journal):
    gc.collect()  # what has recovered it took 5 KB
    from journal import document

    once.forget("journal.document")
    return document.Document(journal)
