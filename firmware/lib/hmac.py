"""HMAC-SHA-256 (RFC 2104): proves that somebody knows a secret without telling it."""

from binascii import hexlify
from hashlib import sha256

_BLOCK_BYTES = 64


def told(key: bytes, message: bytes) -> str:
    """The code of `message` under `key`, as 64 hexadecimal digits."""
    if len(key) > _BLOCK_BYTES:
        key = sha256(key).digest()
    key += bytes(_BLOCK_BYTES - len(key))
    inner = sha256(bytes([byte ^ 0x36 for byte in key]))
    inner.update(message)
    outer = sha256(bytes([byte ^ 0x5C for byte in key]))
    outer.update(inner.digest())
    return hexlify(outer.digest()).decode()


def same(one: str, other: str) -> bool:
    """Whether both are equal; how long that takes tells nothing of where they differ."""
    if len(one) != len(other):
        return False
    differs = 0
    for left, right in zip(one, other):
        differs |= ord(left) ^ ord(right)
    return not differs
