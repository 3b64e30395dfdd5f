"""What a technician reads out, for the head-end to know the record that he has seen."""

import hashlib

_DIGITS = 100000000


def of(collector: str, seq: int, boot: int, checked: int, failed: int) -> str:
    """Eight decimal digits, by the record of the event commissioned: 1234-5678."""
    text = "%s %d %d %d %d" % (collector, seq, boot, checked, failed)
    digest = hashlib.sha256(text.encode()).digest()
    number = "%08d" % (int.from_bytes(digest[:6], "big") % _DIGITS)
    return number[:4] + "-" + number[4:]
