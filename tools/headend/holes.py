"""When a collector is asked to send again what is missing.

Messages may overtake one another where several receivers share the load, and one that a receiver
died with comes again: most holes fill by themselves. One at which the watermark has stood still
for a minute does not.
"""

from dataclasses import dataclass, replace

from tools.headend.watermark import Stretch

STAYS_S = 60
AGAIN_S = 600  # the collector may be busy, or not connected
# Two holes with no more than so many records between them are asked for as one: those come twice,
# but a receiver that is gone leaves a hole at every other message.
BETWEEN_MAX = 200


@dataclass(frozen=True)
class Hole:
    """The first one in what was received of a collector: it begins behind the watermark `after`,
    which has stood there since `since_s`. `asked_upto`, `asked_s`: what was asked for last.
    """

    after: int
    since_s: int
    asked_upto: int | None = None
    asked_s: int | None = None


def look(known: Hole | None, after: int, upto: int, now_s: int) -> tuple[Hole, bool]:
    """The hole as it is now, after < seq <= upto, and whether to ask for it now."""
    hole = known or Hole(after, now_s)
    if hole.after != after:
        hole = replace(hole, after=after, since_s=now_s)
    if hole.asked_s is None or hole.asked_upto is None:
        due = now_s - hole.since_s >= STAYS_S
    elif after >= hole.asked_upto:  # that one is filled: this one has waited behind it
        due = True
    else:
        due = now_s - hole.since_s >= STAYS_S and now_s - hole.asked_s >= AGAIN_S
    return (replace(hole, asked_upto=upto, asked_s=now_s), True) if due else (hole, False)


def end(waiting: list[Stretch]) -> int:
    """Up to where to ask: the end of the first hole, and of those that lie close behind it."""
    upto = waiting[0][0]
    for (after, reached), (next_after, _) in zip(waiting, waiting[1:], strict=False):
        if reached - after > BETWEEN_MAX:
            break
        upto = next_after
    return upto
