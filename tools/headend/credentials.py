"""By what the broker proves itself to the head-end, and the head-end to the broker: certificates,
or a user's name and password.
"""

from pathlib import Path
from typing import NamedTuple

import paho.mqtt.client as mqtt


class CredentialsError(Exception):
    """A file does not hold what it should; the text says so in one line."""


class Credentials(NamedTuple):
    """Files in PEM. Without `ca`: in the clear. password_file: the password is its first line, for
    no other user of the machine to see it among the arguments.
    """

    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    user: str | None = None
    password_file: Path | None = None

    def log_in(self, client: mqtt.Client) -> None:
        """Let the client say who it is, if there is a user; CredentialsError."""
        if self.user:
            client.username_pw_set(self.user, self._password())
        elif self.password_file:
            raise CredentialsError("--password-file wants the --user whose password that is")

    def _password(self) -> str | None:
        if not self.password_file:
            return None
        try:
            lines = self.password_file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise CredentialsError(f"no password in {self.password_file}: {error}") from error
        if not lines or not lines[0]:
            raise CredentialsError(f"no password in {self.password_file}: its first line is empty")
        return lines[0]

    def secure(self, client: mqtt.Client) -> None:
        """Let the client speak TLS, if there is a CA; CredentialsError."""
        if not self.ca:
            return
        given = self.ca, self.certificate, self.key
        try:
            ca, certificate, key = (None if file is None else str(file) for file in given)
            client.tls_set(ca, certificate, key)
        except (OSError, ValueError) as error:  # ssl's own errors are of OSError
            files = ", ".join(str(file) for file in given if file)
            raise CredentialsError(f"no TLS with {files}: {error}") from error


IN_THE_CLEAR = Credentials()
