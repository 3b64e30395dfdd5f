"""`make bench`'s pulse inputs at tiny sizes: the figures can be good, and they can be bad."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tools.bench import pulse
from tools.bench.bench import Progress
from tools.bench.flash import BenchError
from tools.bench.square_wave import SquareWave

TINY = pulse.Size(wave_pulses=20, hours=1)
QUIET = Progress(Console(quiet=True))


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    """An hour of bounce, and waves of twenty pulses."""
    return pulse.measure(QUIET, TINY)


@pytest.mark.long
def test_the_figures_are_there_and_agree(measured: dict[str, Any]) -> None:
    interrupt, counter = measured["pulse"], measured["pulse_counter"]
    assert interrupt.keys() == counter.keys() == {figure.key for figure in pulse.FIGURES}
    # Two minima of 15 ms make a period; twice 12.8 us, in whole microseconds, another.
    assert interrupt["max_hz_counted"] == pytest.approx(1000 / 30)
    assert counter["max_hz_counted"] == pytest.approx(1e6 / 26)
    for figures in (interrupt, counter):
        assert figures["pulses"] == 60 * TINY.pulses_per_min
        assert figures["erases"] > 3000
    # The counter counts bounces, whatever they are; the interrupt tells them apart.
    assert counter["doubled"] > 100
    assert interrupt["bounces"] > 100


def test_a_day_is_the_same_day_again() -> None:
    assert pulse._bouncing(TINY, 20) == pulse._bouncing(TINY, 20)


@pytest.mark.parametrize(("filter_ms", "missed"), [(1, "doubled"), (150, "lost")])
def test_a_filter_too_short_or_too_long_is_a_missed_target(
    measured: dict[str, Any], filter_ms: int, missed: str
) -> None:
    # Shorter than the bounce; longer than the pulse.
    figures = {**measured["pulse"], **pulse._bouncing(TINY, filter_ms)}
    assert figures[missed] > 0
    results = {**measured, "pulse": figures}
    told = {each["figure"]: each["met"] for each in pulse.verdicts(results)}
    assert told.keys() == {"pulse.lost", "pulse.doubled"}
    assert told[f"pulse.{missed}"] is False
    console = Console(record=True, file=io.StringIO(), width=120)
    console.print(pulse.tables(results)[0])
    assert "missed" in console.export_text()


def test_a_program_that_dies_is_an_error_with_its_reason() -> None:
    wave = SquareWave(pulse.START_US, 1000, 1)
    with pytest.raises(BenchError, match="KeyError"):
        pulse._run(wave, {"windows": 1, "window_ms": 10, "min_closed_ms": 0})


@given(st.integers(1, 50), st.integers(0, 8), st.integers(0, 300))
def test_a_wave_shows_pin_and_counter_the_same(half_us: int, pulses: int, start_us: int) -> None:
    wave = SquareWave(start_us, half_us, pulses)
    levels = [wave.level(t_us) for t_us in range(-1, 1200)]
    found, t_us = [], -1
    while (edge_us := wave.next_edge_us(t_us, 1198)) is not None:
        found.append(edge_us)
        t_us = edge_us
    assert found == [t_us for t_us in range(1199) if levels[t_us + 1] != levels[t_us]]
    for edge, level in (("falling", 0), ("rising", 1)):
        counter = wave.counter(0, edge)
        for now_us in range(1199):
            seen = [at for at in found if at <= now_us and wave.level(at) == level]
            assert counter.value(now_us) == len(seen)


def test_a_wave_faster_than_the_filter_is_not_counted() -> None:
    assert SquareWave(0, 12, 5).counter(12_787).value(10**9) == 0
    assert SquareWave(0, 13, 5).counter(12_787).value(10**9) == 5
    assert SquareWave(0, 13, 5).counter(10**9).value(10**9) == 5  # the chip's filter ends there
