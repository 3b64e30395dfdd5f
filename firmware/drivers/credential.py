"""Whether a file that somebody sends is the certificate or key that its name says."""

import tls
from micropython import const

_DER = const(0x30)  # a sequence, as all of these begin (X.690)


def problem(name: str, content: bytes) -> str | None:
    """What is wrong with it; None where mbedTLS takes it. Whether a key belongs to its certificate
    is seen when both are used (drivers/certificates.py).
    """
    if name.endswith(".key"):
        is_key = content[:1] == bytes((_DER,)) or b"PRIVATE KEY-----" in content
        return None if is_key else "is no private key, in PEM or DER"
    try:
        tls.SSLContext(tls.PROTOCOL_TLS_CLIENT).load_verify_locations(content)
        return None
    except (ValueError, OSError):
        return "is no certificate, in PEM or DER"
