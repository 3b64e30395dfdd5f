"""By what the broker proves itself to the head-end, and the head-end to the broker."""

from pathlib import Path
from typing import NamedTuple

import paho.mqtt.client as mqtt


class CredentialsError(Exception):
    """A file is none that TLS can be spoken with; the text says so in one line."""


class Credentials(NamedTuple):
    """Files in PEM. Without `ca`: in the clear."""

    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    def secure(self, client: mqtt.Client) -> None:
        """Let the client speak TLS, if there is a CA; CredentialsError."""
        if not self.ca:
            return
        try:
            ca, certificate, key = (None if file is None else str(file) for file in self)
            client.tls_set(ca, certificate, key)
        except (OSError, ValueError) as error:  # ssl's own errors are of OSError
            files = ", ".join(str(file) for file in self if file)
            raise CredentialsError(f"no TLS with {files}: {error}") from error


IN_THE_CLEAR = Credentials()
