"""What went wrong with TLS, in words. Needed when it does: see once.py."""

import errno

from micropython import const

_EPIPE = const(32)


def told(error: Exception) -> str:
    """Why there is no connection, of what TLS or the socket below it has raised."""
    if isinstance(error, ValueError):  # mbedTLS's own sentences, one for each reason
        return "its certificate is refused: " + "; ".join(str(error).strip().split("\n"))
    number = error.args[0]
    if number == errno.ENOMEM:
        return "no memory for TLS"
    if isinstance(number, int) and (number < 0 or number in (_EPIPE, errno.ECONNRESET)):
        return "it ends TLS; does it want a certificate of this collector? %s" % error
    return str(error)
