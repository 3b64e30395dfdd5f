"""Jitter: full period, inside its bounds, and boards with neighbouring seeds drift apart."""

from lib.jitter import Jitter


def test_full_period():
    jitter = Jitter(1)
    seen = bytearray(8192)
    for _ in range(65535):
        state = jitter._next()
        assert 0 < state < 65536
        assert not seen[state >> 3] & 1 << (state & 7)
        seen[state >> 3] |= 1 << (state & 7)


def test_zero_is_no_dead_seed():
    for seed in (0, 65536):
        assert Jitter(seed)._next() != 0


def test_bounds():
    jitter = Jitter(7)
    drawn = [jitter.spread(1000) for _ in range(2000)]
    assert min(drawn) >= 500
    assert max(drawn) <= 1000
    assert max(drawn) - min(drawn) > 490
    assert Jitter(7).below(1) == 0
    assert jitter.spread(0) == 0
    assert jitter.spread(1) in (0, 1)


def test_same_seed_same_sequence():
    a = Jitter(99)
    b = Jitter(99)
    assert [a.below(1000) for _ in range(20)] == [b.below(1000) for _ in range(20)]


def test_a_fleet_is_spread_evenly():
    buckets = [0] * 10
    for seed in range(1, 2001):
        buckets[Jitter(seed).below(10000) // 1000] += 1
    assert min(buckets) > 120, buckets
    assert max(buckets) < 280, buckets
