"""The campaign's own arithmetic, and its verdict."""

import pytest

from tests.drivers import fuzz
from tests.drivers.interview import Tally


def test_probabilities_are_those_of_poisson():
    # e^-5 and its multiples, from a table.
    assert fuzz.chance(0, 5) == pytest.approx(0.006737947)
    assert fuzz.chance(2, 5) == pytest.approx(0.12465202)
    assert fuzz.chance(6, 5) == pytest.approx(1 - 0.61596065)
    assert fuzz.chance(30, 5) < fuzz.INCREDIBLE < fuzz.chance(17, 5)


def test_a_seed_tells_the_same_again():
    first, second = (vars(fuzz.run(7)) for _ in range(2))
    assert first == second
    assert first["answers"] >= fuzz.BATCH


def tally(wrong: int, faults: list[str]) -> Tally:
    result = Tally()
    result.answers, result.wrong, result.expected_wrong, result.faults = 2000, wrong, 0.5, faults
    return result


@pytest.mark.parametrize(
    ("wrong", "faults", "status"),
    [(0, [], 0), (3, [], 0), (20, [], 1), (1, ["answer 3: wrong value after 'burst'"], 1)],
)
def test_a_driver_that_believes_too_much_fails(
    wrong: int,
    faults: list[str],
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Pool:
        """Runs nothing: every seed has the same result."""

        def __enter__(self) -> "Pool":
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def map(self, _, seeds: range, chunksize: int) -> list[Tally]:
            return [tally(wrong, faults) for _ in seeds]

    monkeypatch.setattr(fuzz, "ProcessPoolExecutor", Pool)
    assert fuzz.main(["--answers", "2000", "--seed", "9"]) == status
    out = capsys.readouterr().out
    assert f"2,000 answers, {wrong} wrong values accepted, theory 0.5" in out
    assert ("--answers 1 --seed 9" in out) == bool(faults)
