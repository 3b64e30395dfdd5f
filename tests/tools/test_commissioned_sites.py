"""Examined installations with their sites, as `make provision` has listed them."""

import json
from pathlib import Path

import pytest

from tests.tools.deliveries import NOW_S, events
from tools.headend.__main__ import main
from tools.headend.ledger import Ledger
from tools.provision.__main__ import HEAD, _write


@pytest.fixture
def db(tmp_path: Path) -> str:
    ledger = Ledger(tmp_path / "ledger.db")
    for name in ("h1", "h2"):
        examined = events(0, 1, (1, "commissioned", {"checked": 3, "failed": 0}))
        ledger.receive(f"ami/{name}/events", examined, NOW_S)
    ledger.close()
    return str(tmp_path / "ledger.db")


def listed(path: Path, *lines: tuple[str, str]) -> str:
    rows = [{"collector": collector, "site": site} for collector, site in lines]
    _write(path, [dict.fromkeys(HEAD, "") | row for row in rows])
    return str(path)


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, str | None]:
    assert main(["commissioned", "--json", *words]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return {line["collector"]: line["site"] for line in lines}


def test_the_site_is_the_last_one_that_was_provisioned(
    db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # h1 was moved; at a port nobody answered; h2 was never on the list.
    path = listed(
        tmp_path / "p.csv", ("h1", "Elm St"), ("", "Oak St"), ("h1", "Oak St, \x1b[2J 3")
    )
    assert told(capsys, "--db", db, "--provisioned", path) == {
        "h1": "Oak St, \x1b[2J 3",
        "h2": None,
    }
    assert told(capsys, "--db", db) == {"h1": None, "h2": None}
    assert main(["commissioned", "--db", db, "--provisioned", path]) == 0
    table = capsys.readouterr().out
    assert "Oak St" in table and "not known" in table and "\x1b[2J" not in table
    assert main(["commissioned", "--db", db]) == 0
    assert "site" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "content", [None, b"", b"port,result\na,b\n", b"site,collector\n\xff,h1\n"]
)
def test_what_is_no_list(
    content: bytes | None, db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "p.csv"
    if content is not None:
        path.write_bytes(content)
    assert main(["commissioned", "--db", db, "--provisioned", str(path)]) == 1
    said = capsys.readouterr()
    assert str(path) in said.err and said.err.count("\n") == 1 and not said.out
