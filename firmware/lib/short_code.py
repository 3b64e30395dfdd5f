"""The record of an examination, as both ends know it: what its bits are, and the code that a
technician reads out, for the head-end to know the record that he has seen.
"""

import hashlib

# What an examination looks at, by the bits of the event commissioned (tools/asyncapi.yaml).
CHECKS = (
    "supply flash heap clock network names tls broker head_end mains meter meter_values"
    " meter_line water gas leaks valve config"
)
_DIGITS = 100000000


def of(collector: str, seq: int, boot: int, checked: int, failed: int) -> str:
    """Eight decimal digits, by the record of the event commissioned: 1234-5678."""
    text = "%s %d %d %d %d" % (collector, seq, boot, checked, failed)
    digest = hashlib.sha256(text.encode()).digest()
    number = "%08d" % (int.from_bytes(digest[:6], "big") % _DIGITS)
    return number[:4] + "-" + number[4:]
