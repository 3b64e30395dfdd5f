"""The configuration's text in the identity partition; what cannot be read or written is told."""

import once
from journal import Journal, JournalError


def load(partition) -> tuple:
    """(text, problems); a partition that holds something else, or nothing, means the defaults."""
    try:
        document = _document(partition)
        text = document.load() or b"{}"
    except (JournalError, OSError) as error:
        return b"{}", ["identity partition: %s" % error]
    if document.passed_over:
        return text, ["identity partition: %d newer copies damaged" % document.passed_over]
    return text, []


def save(partition, text: bytes) -> list:
    """Store it; the problems that prevented that."""
    try:
        _document(partition).save(text)
    except (JournalError, OSError) as error:
        return ["identity partition: %s" % error]
    return []


def opened(partition) -> Journal:
    """The journal that a document is kept in."""
    journal = Journal(partition)
    journal.open()
    return journal


def _document(partition):
    journal = opened(partition)  # what recovers it is let go of before the document's code comes
    from journal import document

    once.forget("journal.document")
    return document.Document(journal)
