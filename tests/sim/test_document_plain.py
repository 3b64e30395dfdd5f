"""The configuration's text on both Pythons: saved, loaded, cut in the middle, old or new."""

from journal.document import Document
from journal.identity import opened
from tests.sim.plain_nor import PlainNor

BOTH_VMS = True
HEAP_KIB = 1024  # the flash is in there too
SECTORS = 16


def test_what_was_saved_last_is_loaded():
    nor = PlainNor(SECTORS)
    assert Document(opened(nor)).load() is None
    for text in (b"", b"x", b"old" * 50, bytes(range(256)) * 8):
        Document(opened(nor)).save(text)
        assert Document(opened(nor)).load() == text


def test_old_or_new_after_a_cut_at_any_operation():
    old, new = b"old" * 60, b"new" * 70
    operation = cuts = 0
    found = b""
    while operation == cuts:
        operation += 1
        nor = PlainNor(SECTORS)
        Document(opened(nor)).save(old)
        document = Document(opened(nor))
        nor.left = operation
        try:
            document.save(new)
        except KeyboardInterrupt:
            cuts += 1
        nor.left = -1
        found = Document(opened(nor)).load()
        assert found in (old, new)
        assert Document(opened(nor)).load() == found
        Document(opened(nor)).save(new + old)
        assert Document(opened(nor)).load() == new + old
    assert cuts > 6 and found == new
