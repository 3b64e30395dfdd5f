"""The configuration's text in the identity partition; what cannot be read or written is told."""

import gc
import hashlib

import once
from journal import Journal, JournalError

_DIGEST_BYTES = 8


def place_in(partition) -> list:
    """Where the text is kept, for load() and save(): the partition; then of the text that was read
    or written last its digest, and where it lies (Document.at).
    """
    return [partition, b"", None]


def load(place: list) -> tuple:
    """(text, problems); a partition that holds something else, or nothing, means the defaults."""
    text = place[2] and _again(*place)
    if text:
        return text, []
    try:
        document = _document(place[0])
        text = document.load() or b"{}"
    except (JournalError, OSError) as error:
        return b"{}", ["identity partition: %s" % error]
    place[1:] = digest(text), document.at
    if document.passed_over:
        return text, ["identity partition: %d newer copies damaged" % document.passed_over]
    return text, []


def save(place: list, text: bytes) -> list:
    """Store it; the problems that prevented that."""
    place[1:] = b"", None
    try:
        document = _document(place[0])
        document.save(text)
    except (JournalError, OSError) as error:
        return ["identity partition: %s" % error]
    place[1:] = digest(text), document.at
    return []


def digest(text: bytes) -> bytes:
    """By which a text is told from another one: the first bytes of its SHA-256."""
    return hashlib.sha256(text).digest()[:_DIGEST_BYTES]


def _again(partition, wanted: bytes, at: tuple) -> bytes | None:
    """The text from where it lay; None when it is not there any more."""
    from journal import glance

    once.forget("journal.glance")
    try:
        text = bytes(glance.text(partition, *at))
    except OSError:
        return None
    return text if digest(text) == wanted else None


def opened(partition) -> Journal:
    """The journal that a document is kept in."""
    journal = Journal(partition)
    journal.open()
    return journal


def _document(partition):
    journal = opened(partition)
    gc.collect()  # what has recovered it took 5 KB
    from journal import document

    once.forget("journal.document")
    return document.Document(journal)
