"""The head-end's events: listed for people and for programs, each with its code in the CIM."""

import json
import re
from pathlib import Path

import pytest
import yaml

from tests.tools.deliveries import NOW_S, START_S, events
from tests.vm import ROOT
from tools.headend import cim
from tools.headend.__main__ import main
from tools.headend.ledger import Ledger

LOST = (1, "mains_lost", {})
SAG = (2, "voltage_out", {"phase": 2, "kind": 1, "dv": 2010})
BACK = (
    3,
    "mains_back",
    {"lasted_s": 90, "lost_s": 1_772_323_200, "back_s": 1_772_323_290, "restarts": 1, "class": 1},
)


def known(place: Path | str) -> None:
    """Two collectors, one of which lost mains."""
    ledger = Ledger(place)
    ledger.receive("ami/h1/events", events(0, 3, LOST, SAG, BACK), NOW_S)
    lost = events(0, 1, LOST).replace(b'"time": %d' % START_S, b'"time": null')
    ledger.receive("ami/h2/events", lost, NOW_S)
    ledger.close()


def test_as_json_lines(database: Path | str, capsys: pytest.CaptureFixture[str]) -> None:
    known(database)
    words = ["events", "--db", str(database), "--json"]
    assert main([*words, "--collector", "h1"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    codes = [[int(part) for part in each["cim"].split(".")] for each in told]
    assert [(each["seq"], each["type"], code) for each, code in zip(told, codes, strict=True)] == [
        (1, "mains_lost", [10, 26, 0, 85]),
        (2, "voltage_out", [3, 26, 79, 223]),
        (3, "mains_back", [10, 26, 0, 216]),
    ]
    assert told[2]["detail"]["lasted_s"] == 90
    assert main([*words, "--type", "mains_lost", "--newest", "1"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(each["collector"], each["time"]) for each in told] == [
        ("h1", 1_772_323_200),
        ("h2", None),
    ]


def test_as_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known(tmp_path / "x.db")
    assert main(["events", "--db", str(tmp_path / "x.db")]) == 0
    shown = capsys.readouterr().out
    assert "h1: events, UTC" in shown
    assert re.search(r"2026-03-01 00:00 +mains_back +10\.26\.0\.216 +back_s", shown)
    assert "not known" in shown


def test_a_setting_is_told_by_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Whoever reads them would have to look a number up; one of a newer firmware keeps it.
    ledger = Ledger(tmp_path / "x.db")
    told = {"source": 2, "key": 44544, "before": 300, "after": 90}
    newer = {"source": 1, "key": 1}
    odd = {"source": 1, "key": [44544]}
    kinds = [(seq, "config_set", each) for seq, each in enumerate((told, newer, odd), 1)]
    ledger.receive("ami/h1/events", events(0, 4, *kinds, (4, "event_99", told)), NOW_S)
    assert [event.detail for event in ledger.events("h1")] == [told, newer, odd, told]
    ledger.close()
    words = ["events", "--db", str(tmp_path / "x.db")]
    assert main([*words, "--json"]) == 0
    shown = [json.loads(line)["detail"] for line in capsys.readouterr().out.splitlines()]
    assert shown == [{"setting": "meter.poll_s"} | told, newer, odd, told]
    assert main(words) == 0
    assert capsys.readouterr().out.count("setting meter.poll_s") == 1


def test_what_a_phase_suffers_has_a_code_of_its_own() -> None:
    codes = [cim.code("voltage_out", {"kind": kind}) for kind in (1, 2, 3, 4, "x")]
    assert len(set(codes[:3])) == 3
    assert codes[3:] == [cim.OTHER] * 2
    assert cim.code("event_99", {}) == cim.OTHER


def test_every_event_of_the_contract_has_a_code() -> None:
    contract = yaml.safe_load((ROOT / "tools" / "asyncapi.yaml").read_text())
    words = contract["components"]["schemas"]["event_type"]["anyOf"][0]["enum"]
    assert len(words) > 25
    for word in words:
        assert word in cim.CODES or cim.code(word, {"kind": 1}) != cim.OTHER, word
