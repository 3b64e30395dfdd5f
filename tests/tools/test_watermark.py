"""The watermark: the end of what is covered without a hole, whatever order stretches come in."""

from hypothesis import given
from hypothesis import strategies as st

from tools.headend.watermark import join


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted), max_size=30))
def test_watermark_is_the_end_of_what_is_covered_from_zero(stretches):
    watermark, waiting = 0, []
    for after, upto in stretches:
        watermark, waiting = join(watermark, waiting, (after, upto))
    covered = {n for after, upto in stretches for n in range(after + 1, upto + 1)}
    expected = next(n for n in range(100) if n + 1 not in covered)
    assert watermark == expected
    beyond = {n for after, upto in waiting for n in range(after + 1, upto + 1)}
    assert beyond == {n for n in covered if n > watermark}
    assert all(a[1] < b[0] for a, b in zip(waiting, waiting[1:], strict=False))
