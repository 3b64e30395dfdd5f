"""The collector's clock against time servers that lie, drift or say nothing: what it keeps, what
it tells, and that the books close whatever it was made to believe.
"""

import json
from typing import Any

import pytest

from host_sim.scenario import HOUR_US, Fault, TimeServers, true_time
from host_sim.simulation import Simulation
from tests.sim.bench import COLLECTOR, START_S, audited, ledger_of, run

PARTIAL, CLOCK_MOVED, CLOCK_UNTRUSTED, MISSING, ESTIMATED = 1, 2, 4, 8, 16
LEAPT = CLOCK_MOVED | MISSING
SPANNING = CLOCK_MOVED | ESTIMATED
CUT_SHORT = CLOCK_MOVED | PARTIAL
HOUR_S = 3600
CPYTHON = "cpython"  # days of it; tests/lib/test_timebase.py has the rules on both
SECOND_US = 1_000_000
# the order in which they are asked: at once, a second later, then every six hours
FIRST, SECOND, THIRD = "pool.ntp.org", "time.google.com", "time.cloudflare.com"
ALL = (FIRST, SECOND, THIRD)


def hours_since_start(unix_us: int) -> float:
    return (unix_us / SECOND_US - START_S) / HOUR_S


def off(off_s: int, *hosts: str, since_hours: float = 1) -> TimeServers:
    """Some time servers are off from some hour on; before, and all others, are right."""

    def time_of(host: str, unix_us: int) -> int:
        is_off = host in hosts and hours_since_start(unix_us) >= since_hours
        return unix_us + (off_s * SECOND_US if is_off else 0)

    return time_of


def silent_for(hours: float, servers: TimeServers = true_time) -> TimeServers:
    """Nobody answers before some hour."""
    return lambda host, unix_us: (
        servers(host, unix_us) if hours_since_start(unix_us) >= hours else None
    )


def lived(vm: str, time_servers: TimeServers, days: int = 1, **further: Any) -> Simulation:
    """A run in which every boundary has its record, once and in order, and all sums agree."""
    simulation = run(vm, days, time_servers=time_servers, **further)
    books = ledger_of(simulation).books(COLLECTOR)
    assert books.closed, books
    assert [life.ending for life in simulation.collector.lives] == ["end of run"]
    for book in books.channels.values():
        assert book.gaps == book.overlaps == []
    starts = [start_s for start_s, _ in first_told(simulation)]
    assert starts == sorted(starts)
    assert len({start_s for start_s, _, _ in series(simulation)}) == len(series(simulation))
    return simulation


def first_told(simulation: Simulation) -> list[tuple[int, int]]:
    """(start in unix seconds, microseconds since the world began) of the messages with intervals;
    the uplink may send one twice.
    """
    first: dict[int, int] = {}
    for entry in simulation.trace.published("intervals"):
        message = json.loads(entry.data)
        if "start" in message:
            first.setdefault(message["start"], entry.at_us)
    return list(first.items())


def series(simulation: Simulation) -> list[tuple[int, int | None, int]]:
    """(start in unix seconds, Wh, quality) of electricity."""
    return ledger_of(simulation).interval_series(COLLECTOR, "electricity_delivered")


def flagged(simulation: Simulation) -> dict[int, int]:
    """The quality of every interval that is not good, by hour since the start."""
    return {
        (start_s - START_S) // HOUR_S: quality
        for start_s, _, quality in series(simulation)
        if quality
    }


def clock_events(simulation: Simulation) -> list[tuple[str, int]]:
    """(word, seconds) of what the clock told, the first time it was set left out."""
    events = ledger_of(simulation).events(COLLECTOR)
    return [
        (event.type, next(iter(event.detail.values())))
        for event in events
        if event.type.startswith("clock_")
    ][1:]


def boundary_errors_ms(simulation: Simulation, ppm: int = 0) -> list[int]:
    """How late each interval was told, by the true time; ppm: how much faster that runs than the
    world's. Reading the meter and sending take 177 ms of it.
    """
    errors = []
    for start_s, at_us in first_told(simulation):
        true_us = at_us + at_us * ppm // 1_000_000
        boundary_us = (start_s + HOUR_S - START_S) * SECOND_US
        errors.append((true_us - boundary_us) // 1000 - 177)
    return errors


@pytest.mark.long_on_micropython
def test_seven_minutes_are_slewed_and_flagged(vm: str) -> None:
    # All servers jump by seven minutes: when a second one says so the clock follows by a second in
    # a hundred, so no hour is ever more than 36 s too short, and ends up where they are.
    simulation = lived(vm, off(420, *ALL))
    assert flagged(simulation) == {0: PARTIAL, 6: CLOCK_MOVED}
    assert [(word, (moved_s + 1) // 2) for word, moved_s in clock_events(simulation)] == [
        ("clock_doubted", 210),
        ("clock_set", 210),
    ]
    errors_ms = boundary_errors_ms(simulation)
    steps_ms = [after - before for before, after in zip(errors_ms, errors_ms[1:], strict=False)]
    assert min(steps_ms) >= -36_500
    assert max(steps_ms) <= 1000
    assert -420_000 <= errors_ms[-1] <= -418_000


@pytest.mark.parametrize("off_s", [301, -420, 2400])
def test_what_one_alone_says_is_not_believed(off_s: int) -> None:
    # One server of three lies: it is told, the next one asked says otherwise, nothing moves.
    simulation = lived(CPYTHON, off(off_s, THIRD))
    assert [word for word, _ in clock_events(simulation)] == ["clock_doubted"] * 2
    assert flagged(simulation) == {0: PARTIAL}
    assert audited(simulation).closes, audited(simulation).remarks


@pytest.mark.long_on_micropython
@pytest.mark.parametrize(
    ("first_hours", "expected"),
    [
        (0, {0: PARTIAL, 6: CUT_SHORT}),
        (0.75, {0: PARTIAL, 6: LEAPT, 7: SPANNING}),  # 6:45 becomes 7:25
    ],
)
def test_forty_minutes_that_two_say_are_a_step(
    vm: str, first_hours: float, expected: dict[int, int]
) -> None:
    # Confirmed at once by the next server; a boundary that was leapt over has its record, without
    # a value, and the interval after it spans both.
    simulation = lived(vm, silent_for(first_hours, off(2400, *ALL)))
    assert [word for word, _ in clock_events(simulation)] == ["clock_doubted", "clock_set"]
    assert all(2398 <= off_s <= 2400 for _, off_s in clock_events(simulation))
    assert flagged(simulation) == expected
    # a server tells whole seconds
    assert -2_401_000 <= boundary_errors_ms(simulation)[-1] <= -2_398_000


@pytest.mark.long_on_micropython
def test_an_only_server_is_believed_when_it_insists(vm: str) -> None:
    # Nobody else can be asked: what it said at six o'clock it says at seven.
    only = {"ntp.host": "ntp.example"}
    simulation = lived(vm, off(2400, "ntp.example"), settings=only)
    assert [word for word, _ in clock_events(simulation)] == ["clock_doubted", "clock_set"]
    assert flagged(simulation) == {0: PARTIAL, 7: CUT_SHORT}


@pytest.mark.parametrize("back_s", [1, 240])
def test_a_little_back_is_slewed_in_silence(back_s: int) -> None:
    # The clock waits for the servers without standing still; nobody is told.
    simulation = lived(CPYTHON, off(-back_s, *ALL))
    assert flagged(simulation) == {0: PARTIAL}
    assert clock_events(simulation) == []
    errors_ms = boundary_errors_ms(simulation)
    assert len(errors_ms) == 24
    assert errors_ms[-1] in range(back_s * 1000 - 1000, back_s * 1000 + 1001)


@pytest.mark.long_on_micropython
def test_two_hours_back_are_a_long_hour(vm: str) -> None:
    # It is 6:00 and becomes 4:00: what was closed is not closed again, and the hour that is open
    # stays so for three.
    simulation = lived(vm, off(-7200, *ALL))
    told = [(word, round(off_s, -1)) for word, off_s in clock_events(simulation)]
    assert told == [("clock_doubted", -7200), ("clock_set", -7200)]
    assert flagged(simulation) == {0: PARTIAL, 6: SPANNING}
    assert len(series(simulation)) == 22


@pytest.mark.parametrize("off_s", [7200, -7200, 10 * 365 * 86_400])
def test_a_wrong_first_answer_is_nobodys_time(off_s: int) -> None:
    # The first server asked lies: the two others agree, three seconds after the network came, and
    # no hour was closed with the wrong name.
    simulation = lived(CPYTHON, off(off_s, FIRST, since_hours=0))
    assert flagged(simulation) == {0: PARTIAL}
    assert all(word == "clock_doubted" for word, _ in clock_events(simulation))
    assert audited(simulation).closes, audited(simulation).remarks


@pytest.mark.parametrize("garbage_s", [1_700_000_000, 4_110_000_000])  # 2023, 2100
def test_garbage_is_no_answer(garbage_s: int) -> None:
    # Two servers answer with a time that cannot be: as if they had said nothing.
    simulation = lived(CPYTHON, lambda host, us: us if host == SECOND else garbage_s * SECOND_US)
    assert clock_events(simulation) == []
    assert audited(simulation).closes, audited(simulation).remarks


@pytest.mark.long_where(ppm=80)
@pytest.mark.parametrize("ppm", [80, -80])
def test_a_bad_crystal(ppm: int) -> None:
    # 80 ppm are 1.7 s in six hours: learnt within a day, and then a tenth of a second.
    def time_of(host: str, unix_us: int) -> int:
        return unix_us + (unix_us - START_S * SECOND_US) * ppm // 1_000_000

    simulation = lived(CPYTHON, time_of, days=3, settings={"meter.poll_s": 900})
    assert flagged(simulation) == {0: PARTIAL}
    errors_ms = boundary_errors_ms(simulation, ppm)
    assert len(errors_ms) == 72
    assert max(map(abs, errors_ms)) <= 1800, errors_ms
    assert max(map(abs, errors_ms[24:])) <= 100, errors_ms


@pytest.mark.long
def test_without_network_the_clock_is_trusted_for_three_days() -> None:
    # Synchronised once, then the access point dies for four days: two of them, and more, the clock
    # is good for; after 83 hours and a third, 100 ppm may be half a minute.
    simulation = lived(
        CPYTHON,
        true_time,
        days=5,
        settings={"meter.poll_s": 900},
        faults=(Fault(HOUR_US, "access_point", 96 * HOUR_US),),
    )
    assert flagged(simulation) == {0: PARTIAL} | dict.fromkeys(range(83, 97), CLOCK_UNTRUSTED)
    assert audited(simulation).closes, audited(simulation).remarks
