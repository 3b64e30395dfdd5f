"""The certificates driver on a simulated chip: before each connection it sets the chip's clock,
by which mbedTLS holds dates, and has the pulses saved. Connections and refusals:
tests/integration/test_tls.py.
"""

from pathlib import Path

from tests.drivers.chip import simulation
from tests.integration.authority import Authority

PROGRAM = """
import socket
from machine import RTC
from drivers import certificate_files, certificates
class Pulses:
    def save(self):
        print("saved")
class Clock:
    def unix_s(self):
        return 1709164799
    def stamp(self):
        print("stamped", *RTC().datetime()[:3], *RTC().datetime()[4:7])
ours = certificates.Certificates(Clock(), Pulses(), certificate_files.context())
print(ours.wrap(socket.socket(), "meters.example") is not None)
print(ours.told(OSError(12)))
"""


def test_the_chip_is_told_the_time_first(vm: str, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "ca.crt").write_bytes(Authority().identity.der)
    chip = simulation(vm, PROGRAM, tmp_path, seconds=2, site=site)
    chip.run()
    assert chip.collector.lives[0].console.splitlines() == [
        "stamped 2024 2 28 23 59 59",
        "saved",
        "True",
        "no memory for TLS",
    ]


def test_what_is_no_credential_is_refused_before_it_is_stored(vm: str, tmp_path: Path) -> None:
    identity = Authority().identity
    site = tmp_path / "site"
    site.mkdir()
    (site / "good").write_bytes(identity.der)
    program = """
from drivers import credential
good = open("site/good", "rb").read()
for name, content in (
    ("ca.crt", good),
    ("ca.crt", good[:-1]),
    ("collector.crt", b"hello"),
    ("collector.key", b"-----BEGIN EC PRIVATE KEY-----"),
    ("collector.key", b"hello"),
):
    print(credential.problem(name, content))
"""
    chip = simulation(vm, program, tmp_path, seconds=2, site=site)
    chip.run()
    assert chip.collector.lives[0].console.splitlines() == [
        "None",
        "is no certificate, in PEM or DER",
        "is no certificate, in PEM or DER",
        "None",
        "is no private key, in PEM or DER",
    ]
