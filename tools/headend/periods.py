"""Where an interval belongs: the one rule, by which bills are made and collectors are checked.

To a period only when all of it does, from the end of the channel's last interval with a value.
What spans a change, because hours before it had no reading, or lies before the tariff takes
effect, or has no time, belongs to none: where in time it was measured nobody knows, and it is not
guessed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import tools.firmware_path  # noqa: F401  (the next import is the firmware's)
from lib.tariff import Schedules
from tools.headend.books import Row


@dataclass(frozen=True)
class Placed:
    """An amount, the record that tells it, and where it belongs: version of the tariff and number
    of the period; None: to no period for certain.
    """

    seq: int
    delta: int
    where: tuple[int, int] | None


def placed(rows: Iterable[Row], schedules: Schedules) -> Iterator[Placed]:
    """`rows`: those of one channel that count, in order of time; those without a value are passed
    over.
    """
    before_s = None
    for row in rows:
        if row.delta is None:
            continue
        if row.start_s is None:
            yield Placed(row.seq, row.delta, None)
            continue
        end_s = row.start_s + row.period_s
        from_s = row.start_s if before_s is None else min(before_s, row.start_s)
        before_s = end_s
        tariff = schedules.at(from_s)
        if from_s >= tariff.effective_s and schedules.next_change_s(from_s, end_s) == end_s:
            yield Placed(row.seq, row.delta, (tariff.version, tariff.period(from_s)))
        else:
            yield Placed(row.seq, row.delta, None)
