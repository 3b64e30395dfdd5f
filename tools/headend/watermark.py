"""How far a journal has been received without a hole.

A message covers the stretch after < seq <= upto. The watermark is the end of the stretch that
begins at 0; stretches beyond a hole wait until it is filled.
"""

Stretch = tuple[int, int]  # (after, upto)


def join(watermark: int, waiting: list[Stretch], new: Stretch) -> tuple[int, list[Stretch]]:
    """The watermark and the waiting stretches, merged and in order, once `new` has come too."""
    merged: list[Stretch] = []
    for after, upto in sorted([*waiting, new]):
        if after <= watermark:
            watermark = max(watermark, upto)
        elif merged and after <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], upto))
        elif after < upto:
            merged.append((after, upto))
    return watermark, merged
