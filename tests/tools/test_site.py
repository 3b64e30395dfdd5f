"""Site files: taken whole or refused whole, with every reason, before any port is opened."""

import random
from contextlib import suppress
from pathlib import Path

import pytest

from tools.provision.__main__ import main
from tools.provision.site import SiteError, Wanted, load

GOOD = """
site: Elm Street 12
secret: tUx9-green-lamp
settings: {wifi.ssid: meters, mqtt.port: 8883}
collectors:
  pk-1: {mqtt.port: 1883, meter.poll_s: 90}
  pk-2:
"""
# what is changed in it, and what the refusal must name
WRONG = (
    ("site: Elm Street 12\n", "", "'site' is a required property"),
    ("tUx9-green-lamp", "short", "secret"),
    ("mqtt.port: 1883", "mqtt.port: 70000", "pk-1: mqtt.port: 70000 is wrong"),
    ("mqtt.port: 1883", "mqtt.prot: 1883", "pk-1: mqtt.prot: unknown key"),
    ("mqtt.port: 1883", "mqtt.port: [1883]", "collectors.pk-1.mqtt.port"),
    ("mqtt.port: 1883", "mqtt.port: 18.5", "collectors.pk-1.mqtt.port"),
    ("meter.poll_s: 90", "console.secret: tUx9-green-lamp", "console.secret: is not set in"),
    ("pk-1:", "PK 1:", "PK 1"),
    ("settings: {", "setings: {", "setings"),
    ("collectors:", "collectors: [", "is no YAML"),
)


# what is wrong with secrets; no refusal quotes one
LEAKY = (
    ("secret: tUx9-green-lamp", "secret: tUx9-green", "secret: must have 12 characters at least"),
    ("tUx9-green-lamp", "tUx9" + "-" * 61, "secret: must have 64 characters at most"),
    ("tUx9-green-lamp", "tUx9" + "\u00e9" * 40, "pk-1: console.secret: this value is wrong"),
    ("secret: tUx9-green-lamp", "secret: 'tUx9", "is no YAML: line 8, column 1"),
    ("secret: tUx9-green-lamp", "secret: [tUx9]", "secret: must be of type string"),
    ("secret: tUx9-green-lamp", "own: {pk-1: tUx9}", "own.pk-1: must be of type object"),
    ("secret:", "previous_secret:", "pk-1: previous_secret: add the `secret`"),
    (
        "secret:",
        "previous_secret: tUx9-green-lamp\nsecret:",
        "previous_secret: is the secret it",
    ),
    ("mqtt.port: 1883,", "wifi.password: [tUx9],", "wifi.password: must be of type string or"),
    ("mqtt.port: 1883,", f"wifi.password: tUx9{'-' * 64},", "wifi.password: this value is wrong"),
)


def written(folder: Path, text: str) -> Path:
    path = folder / "site.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_each_collector_has_what_is_shared_and_what_is_its_own(tmp_path: Path) -> None:
    site = load(written(tmp_path, GOOD))
    assert site.name == "Elm Street 12"
    shared = {"wifi.ssid": "meters", "mqtt.port": 8883}
    own = {"mqtt.port": 1883, "meter.poll_s": 90}
    assert site.collectors == {
        "pk-1": Wanted(shared | own, "tUx9-green-lamp"),
        "pk-2": Wanted(shared, "tUx9-green-lamp"),
    }


def test_a_collector_has_its_own_secret_and_its_own_key(tmp_path: Path) -> None:
    for name in ("city.pem", "one.pem"):
        (tmp_path / name).write_bytes(name.encode())
    own = "{secret: its-own-secret, files: {collector.key: one.pem}}"
    text = GOOD + f"files: {{ca.crt: city.pem}}\nown:\n  pk-1: {own}\n"
    collectors = load(written(tmp_path, text)).collectors
    assert collectors["pk-1"].secret == "its-own-secret"
    assert collectors["pk-1"].files == {"ca.crt": b"city.pem", "collector.key": b"one.pem"}
    assert collectors["pk-2"].secret == "tUx9-green-lamp"
    assert collectors["pk-2"].files == {"ca.crt": b"city.pem"}
    for old, new, reason in (
        ("city.pem", "town.pem", "ca.crt: town.pem: No such file"),
        ("pk-1: {secret", "pk-9: {secret", "own.pk-9: is none of the collectors"),
        ("ca.crt:", "main.py:", "main.py"),
    ):
        with pytest.raises(SiteError, match=reason):
            load(written(tmp_path, text.replace(old, new)))


@pytest.mark.parametrize(("old", "new", "reason"), WRONG)
def test_what_is_wrong_is_told(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert old in GOOD
    with pytest.raises(SiteError, match=reason.replace(".", r"\.").replace("[", r"\[")):
        load(written(tmp_path, GOOD.replace(old, new)))


@pytest.mark.parametrize(("old", "new", "reason"), LEAKY)
def test_no_refusal_quotes_a_secret(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(SiteError) as refused:
        load(written(tmp_path, GOOD.replace(old, new)))
    assert reason in str(refused.value)
    assert "tUx9" not in str(refused.value)


def test_the_secret_that_it_had_before(tmp_path: Path) -> None:
    # All had the shared one. Two have their own ones now, one of which had another; one keeps it.
    text = GOOD.replace("secret:", "previous_secret:") + (
        "  pk-3:\n"
        "own:\n"
        "  pk-1: {secret: first-of-its-own, previous_secret: another-before}\n"
        "  pk-2: {secret: second-of-its-own}\n"
        "  pk-3: {secret: tUx9-green-lamp}\n"
    )
    collectors = load(written(tmp_path, text)).collectors
    found = {name: (each.secret, each.previous_secret) for name, each in collectors.items()}
    assert found == {
        "pk-1": ("first-of-its-own", "another-before"),
        "pk-2": ("second-of-its-own", "tUx9-green-lamp"),
        "pk-3": ("tUx9-green-lamp", None),
    }


def test_a_bad_file_opens_no_port(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = tmp_path / "done.csv"
    bad = written(tmp_path, GOOD.replace("mqtt.port: 1883", "mqtt.port: 70000"))
    assert main([str(bad), "--port", str(tmp_path / "no"), "--csv", str(record)]) == 1
    assert "70000 is wrong" in capsys.readouterr().err
    assert not record.exists()
    assert main([str(tmp_path / "none.yaml"), "--port", "no", "--csv", str(record)]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_a_port_without_a_collector_is_a_line_of_the_record(tmp_path: Path) -> None:
    record = tmp_path / "done.csv"
    port = str(tmp_path / "ttyUSB0")
    assert main([str(written(tmp_path, GOOD)), "--port", port, "--csv", str(record)]) == 1
    assert "there is no such port" in record.read_text().splitlines()[1]


@pytest.mark.parametrize("seed", range(4))
def test_damaged_files_are_refused_or_taken_and_never_crash(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(150):
        text = bytearray(GOOD.encode())
        for _ in range(rng.randrange(1, 6)):
            place = rng.randrange(len(text))
            text[place : place + rng.randrange(3)] = rng.choice(
                (b"", b"\x00", b"\xff", b"{", b"]", b": ", b"\n", b"&a *a ", b"!!x ", b"- ", b"\t")
            )
        path = tmp_path / "site.yaml"
        path.write_bytes(bytes(text))
        with suppress(SiteError):
            load(path)
