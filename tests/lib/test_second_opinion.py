"""A second opinion: who may confirm what contradicts the clock."""

from lib.second_opinion import SecondOpinion

T0_MS = 1772409600000
HOUR_MS = 3600000


def test_another_server_confirms():
    opinion = SecondOpinion()
    assert not opinion.agrees(0, T0_MS, 1000)
    assert opinion.is_awaited()
    assert not opinion.agrees(1, T0_MS + 11001, 2000)  # ten seconds beside it
    assert opinion.agrees(2, T0_MS + 20000, 3000)


def test_the_same_server_confirms_an_hour_later():
    opinion = SecondOpinion()
    assert not opinion.agrees(0, T0_MS, 0)
    assert not opinion.agrees(0, T0_MS + 60000, 60000)
    assert not opinion.agrees(0, T0_MS + HOUR_MS - 1, HOUR_MS - 1)
    assert opinion.agrees(0, T0_MS + HOUR_MS, HOUR_MS)


def test_what_is_dismissed_confirms_nothing():
    opinion = SecondOpinion()
    opinion.agrees(0, T0_MS, 0)
    opinion.dismiss()
    assert not opinion.is_awaited()
    assert not opinion.agrees(1, T0_MS, 0)
