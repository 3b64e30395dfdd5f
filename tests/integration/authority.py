"""A certification authority for a test, and the certificates it signs."""

from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

# good by the machine's clock, and by any that a world may have
FROM = datetime(2024, 1, 1, tzinfo=UTC)
UNTIL = datetime(2090, 1, 1, tzinfo=UTC)
_DER = serialization.Encoding.DER
_PEM = serialization.Encoding.PEM


class Identity:
    """A certificate and its key, as the files of both formats."""

    def __init__(self, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        plain = serialization.NoEncryption()
        pkcs8 = serialization.PrivateFormat.PKCS8
        self.pem = certificate.public_bytes(_PEM)
        self.der = certificate.public_bytes(_DER)
        self.key_pem = key.private_bytes(_PEM, pkcs8, plain)
        self.key_der = key.private_bytes(_DER, pkcs8, plain)

    def save(self, folder: Path, name: str) -> None:
        """As NAME.crt and NAME.key, in PEM."""
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.crt").write_bytes(self.pem)
        (folder / f"{name}.key").write_bytes(self.key_pem)


class Authority:
    """Signs; its own certificate is `identity`."""

    def __init__(self, name: str = "the utility's CA") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named(name)
        builder = _builder(self._name, self._name, self._key, FROM, UNTIL).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        self.identity = Identity(builder.sign(self._key, hashes.SHA256()), self._key)

    def sign(
        self, name: str, host: str | None = None, since: datetime = FROM, until: datetime = UNTIL
    ) -> Identity:
        """A certificate for `name`; for a server, made out to `host`."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(_named(name), self._name, key, since, until)
        if host:
            names = x509.SubjectAlternativeName([x509.DNSName(host)])
            builder = builder.add_extension(names, critical=False)
        return Identity(builder.sign(self._key, hashes.SHA256()), key)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    since: datetime,
    until: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
