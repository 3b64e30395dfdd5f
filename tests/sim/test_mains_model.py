"""Mains of the world: its level and its edges tell the same story."""

from hypothesis import given
from hypothesis import strategies as st

from host_sim.models.mains import Mains

outages = st.lists(st.tuples(st.integers(1, 100), st.integers(1, 50)), max_size=8).map(
    lambda pairs: [
        (sum(map(sum, pairs[:nth])) + gap, lasts) for nth, (gap, lasts) in enumerate(pairs)
    ]
)


def test_low_from_the_first_microsecond_of_an_outage_to_its_last() -> None:
    mains = Mains([(100, 10), (300, 1)])
    assert [mains.level(t) for t in (0, 99, 100, 109, 110, 299, 300, 301)] == [
        *(1, 1, 0, 0, 1, 1, 0, 1)
    ]


def test_the_next_edge_is_after_now_and_not_beyond_the_limit() -> None:
    mains = Mains([(100, 10)])
    assert mains.next_edge_us(99, 1000) == 100
    assert mains.next_edge_us(100, 1000) == 110
    assert mains.next_edge_us(110, 1000) is None
    assert mains.next_edge_us(50, 99) is None
    assert mains.next_edge_us(50, 100) == 100


@given(outages)
def test_from_edge_to_edge_nothing_changes(given_outages: list[tuple[int, int]]) -> None:
    mains = Mains(given_outages)
    levels = [mains.level(t_us) for t_us in range(1500)]
    changes = [t_us for t_us in range(1, 1500) if levels[t_us] != levels[t_us - 1]]
    found, t_us = [], 0
    while (edge_us := mains.next_edge_us(t_us, 1499)) is not None:
        found.append(edge_us)
        t_us = edge_us
    assert found == changes
    assert levels.count(0) == sum(lasts_us for _, lasts_us in given_outages)
