"""The report of the books: what is derived from them."""

import io

from rich.console import Console

from tests.tools.deliveries import fed, intervals
from tools.headend.ledger import Ledger
from tools.headend.report import numbers, print_report


def metered(**deltas: list[int | None]) -> Ledger:
    """Three hours of electricity."""
    channels = {
        f"electricity_{way}": {"unit": "Wh", "open": 1000, "delta": delta}
        for way, delta in deltas.items()
    }
    return fed(("intervals", intervals(0, 3, [1, 2, 3], channels)))


def printed(ledger: Ledger) -> str:
    console = Console(file=io.StringIO(), width=80)
    print_report(ledger, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_net_is_what_was_delivered_less_what_was_received() -> None:
    # Two positive channels; a house that gives more than it takes has a net below zero. An hour
    # that was not measured adds nothing to either.
    ledger = metered(delivered=[500, 0, None], received=[0, 1700, None])
    assert numbers(ledger)["h1"]["net_wh"] == -1200
    (row,) = [line for line in printed(ledger).splitlines() if "net" in line]
    assert row.split() == ["electricity", "net", "-1200", "Wh"]
    assert list(ledger.books("h1").channels) == ["electricity_delivered", "electricity_received"]
    nothing = metered(delivered=[0, 0, 0], received=[0, 0, 0])
    assert numbers(nothing)["h1"]["net_wh"] == 0
    assert "0 Wh" in printed(nothing)


def test_without_both_directions_there_is_no_net() -> None:
    # A meter that counts one direction only: what it delivered is no net.
    for ledger in (metered(delivered=[1, 2, 3]), metered(received=[1, 2, 3])):
        assert numbers(ledger)["h1"]["net_wh"] is None
        assert "net" not in printed(ledger)
