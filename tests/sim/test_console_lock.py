"""Who may use the console: the first one claims the collector, then only who knows the secret."""

import pytest

from host_sim.scenario import WIFI_PASSWORD
from tests.sim.bench import COLLECTOR, audited, event_types
from tests.sim.visitor import Visitor, unlocks, visited, wait

pytestmark = pytest.mark.long_twin

SECRET = "tUx9-green-lamp"


def test_only_who_knows_the_secret_may_do_more(vm: str) -> None:
    visitor = visited(
        vm,
        "status",
        "ping",
        "unlock",
        "unlock 0123",
        "unlock",
        unlocks("another secret"),
        wait(5),
        "unlock",
        unlocks(SECRET),
        "status",
        "lock",
        "read",
        console__secret=SECRET,
    )
    locked, opened = visitor.answers("status")
    assert locked.endswith("locked: 'unlock' tells how to open it\r\n")
    assert f"collector {COLLECTOR}" in opened
    assert "uptime_s" in visitor.answers("ping")[0]
    wrong = [answer for typed, answer in visitor.said if typed.startswith("unlock ")]
    assert "wrong; ask for another challenge, in 2 s" in wrong[0]
    assert "wait for" in wrong[1] and "done" in wrong[2]
    assert visitor.answers("read")[0].endswith("locked: 'unlock' tells how to open it\r\n")
    assert SECRET not in visitor.simulation.terminal.text


def test_an_answer_is_good_once_and_for_its_challenge() -> None:
    kept: list[str] = []

    def remembers(visitor: Visitor) -> str:
        kept.append(unlocks(SECRET)(visitor))
        return kept[0]

    visitor = visited(
        "cpython",
        "unlock",
        remembers,
        "lock",
        lambda _: kept[0],
        wait(3),
        "unlock",
        lambda _: kept[0],
        console__secret=SECRET,
    )
    first, *again = visitor.answers(kept[0])
    assert "done" in first
    assert len(again) == 2 and all("wrong" in answer for answer in again)


def test_who_guesses_waits_longer_each_time() -> None:
    guesses = [each for _ in range(12) for each in ("unlock", "unlock 1", wait(700))]
    visitor = visited("cpython", *guesses, hours=4, console__secret=SECRET)
    waits_s = [int(answer.split(" in ")[1].split()[0]) for answer in visitor.answers("unlock 1")]
    assert waits_s == [2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600]


def test_who_says_nothing_for_ten_minutes_is_gone(vm: str) -> None:
    visitor = visited(
        vm,
        "unlock",
        unlocks(SECRET),
        "ping",
        wait(590),
        "journal",
        wait(610),
        "journal",
        console__secret=SECRET,
    )
    here, gone = visitor.answers("journal")
    assert "newest" in here and "locked" in gone


def test_a_new_collector_is_claimed_once(vm: str) -> None:
    visitor = visited(
        vm,
        "claim short",
        f"claim {SECRET}",
        wait(60),
        "lock",  # where it has started again, it is
        "unlock",
        unlocks(SECRET),
        f"claim {SECRET}",
        "set console.secret another-one-9",
        wait(60),
        "reboot",
        wait(60),
        "status",
        "unlock",
        unlocks("another-one-9"),
        "show console",
        board="esp32_c3_devkit",  # a stock ESP32 in full operation may have no room for `show`
    )
    assert "at least 12 bytes" in visitor.answers("claim short")[0]
    first, again = visitor.answers(f"claim {SECRET}")
    assert "restart" in first and "has a secret already" in again
    assert "locked" in visitor.answers("status")[0]
    assert "console.secret=(set)" in visitor.answers("show console")[0]
    text = visitor.simulation.terminal.text
    assert SECRET not in text and "another-one-9" not in text and WIFI_PASSWORD not in text


@pytest.mark.parametrize("opened", [False, True])
def test_ctrl_c_leads_to_the_prompt_only_when_it_is_let(vm: str, opened: bool) -> None:
    lines = ["repl"] if opened else ["ping"]
    visitor = visited(vm, *lines, wait(30), "\x03", wait(300), "ping")
    if opened:
        assert visitor.endings == ["the program ended", "end of run"]
    else:
        assert visitor.endings == ["end of run"]
        assert audited(visitor.simulation).closes, audited(visitor.simulation).remarks
    assert "uptime_s" in visitor.answers("ping")[-1]


def test_where_the_heap_is_short_it_says_so_and_can_still_be_unlocked() -> None:
    everything = {"mains__sense": True, "mqtt__live_s": 60, "homeassistant": True}
    visitor = visited(
        "micropython",
        "unlock",
        unlocks(SECRET),
        "status",
        "events 5",
        "show",
        "help",
        **everything,
        console__secret=SECRET,
    )
    assert "done" in visitor.answers("status")[0]
    assert "  reboot" in visitor.answers("help")[0]
    for line in ("events 5", "show"):  # these take more
        (told,) = visitor.answers(line)
        assert "done" in told or "no room in the heap" in told, line
        assert len(set(told.splitlines())) == len(told.splitlines()), told  # nothing twice
    assert visitor.endings == ["end of run"]
    assert "task_failed" not in event_types(visitor.simulation)
    assert audited(visitor.simulation).closes, audited(visitor.simulation).remarks
    assert SECRET not in visitor.simulation.terminal.text
