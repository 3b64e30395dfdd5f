"""The books of one collector: a pure function of what is stored, so order of arrival can not
matter.

Which intervals count. A row is one (channel, seq). Rows of one channel with the same start are the
same hour; the one with the lowest seq counts. A further one counts only if it says itself that it
is a part: PARTIAL (the power was cut within the hour, each side of the cut is a record; by another
boot, or by the same one when the cut was short) or CLOCK_MOVED / CLOCK_UNTRUSTED (the hour was
lived through twice); or if the collector has told between them that its clock was set back.
Anything else would bill an hour twice: it is kept out of every sum and counted as doubled. That
the parts are really disjoint is proved by the chain of registers, where each row opens at what the
row before it closed.

At the end of every day the collector tells its registers. Between two such days the registers'
change must be the sum of the intervals between them in the journal: the residual is 0.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tools.headend.messages import CLOCK_MOVED, CLOCK_UNTRUSTED, DST, PARTIAL, Event
from tools.headend.openings import steps_of

_PART = PARTIAL | CLOCK_MOVED | CLOCK_UNTRUSTED


@dataclass(frozen=True)
class Row:
    """One stored interval; units as in the channel, seconds unix UTC; `open` None: not known.
    `start_s` None: its boot never learned the time. When it was received is no part of what it
    says.
    """

    seq: int
    start_s: int | None
    period_s: int
    open: int | None
    delta: int | None
    quality: int
    received_s: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Break:
    """Two neighbours in the journal whose registers do not meet."""

    seq_before: int
    seq_after: int
    closed: int
    opened: int


@dataclass(frozen=True)
class Day:
    """A day that was checked: when it ended, and what the registers' change has beyond the sum of
    its intervals.
    """

    end_s: int
    residual: int


@dataclass
class ChannelBook:
    """One channel closed: what was received, and whether it adds up."""

    channel: str
    unit: str
    intervals: int = 0  # with a value, counted once
    missing: int = 0  # flagged as having no value
    flagged: int = 0  # with a value and a quality flag; DST is no flaw
    timeless: int = 0  # with a value, but nobody knows when
    consumption: int = 0  # sum of the counted deltas
    first_open: int | None = None
    last_close: int | None = None
    steps: int = 0  # of the register, where it was set to what a dial shows
    doubled: int = 0  # refused: the hour was there already
    first_start_s: int | None = None
    last_end_s: int | None = None
    breaks: list[Break] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)  # (from_s, to_s), nothing received
    overlaps: list[tuple[int, int]] = field(default_factory=list)  # (start_s, start_s) that cross
    days: list[Day] = field(default_factory=list)

    @property
    def residual(self) -> int:
        """The register's change less the sum of the intervals; 0 when the books close."""
        if self.first_open is None or self.last_close is None:
            return 0
        return self.last_close - self.first_open - self.steps - self.consumption


@dataclass
class Books:
    """All channels of one collector, and how its journal arrived."""

    collector: str
    channels: dict[str, ChannelBook]
    watermark: int  # received without a hole up to here
    waiting: list[tuple[int, int]]  # stretches (after, upto) beyond a hole
    adopted: list[tuple[int, int]]  # stretches another head-end had acknowledged
    lost: int  # records the collector says it lost, and that did not arrive either
    dropped_doubles: int  # the same (seq, channel) again, dropped
    conflicts: int  # the same (seq, channel) with other content, refused
    refused: int  # messages refused as a whole
    online: bool | None  # by the last birth or will
    boot: int | None

    @property
    def kept(self) -> int:
        """Intervals with a value, over all channels."""
        return sum(book.intervals for book in self.channels.values())

    @property
    def doubled(self) -> int:
        """Intervals refused because they would have been billed twice."""
        return sum(book.doubled for book in self.channels.values())

    @property
    def residual(self) -> int:
        """Sum of the absolute residuals, so that two wrongs do not make a right."""
        return sum(abs(book.residual) for book in self.channels.values())

    @property
    def net_wh(self) -> int | None:
        """What was delivered less what was received, of all intervals that count; None where
        one of them is not metered. Derived, never stored.
        """
        books = [self.channels.get(f"electricity_{way}") for way in ("delivered", "received")]
        delivered, received = (book and book.consumption for book in books)
        return None if delivered is None or received is None else delivered - received

    @property
    def closed(self) -> bool:
        """Nothing missing, nothing twice, everything adds up."""
        broken = any(
            book.breaks or any(day.residual for day in book.days)
            for book in self.channels.values()
        )
        wrong = self.residual or self.lost or self.doubled or self.conflicts or self.waiting
        return not (wrong or broken or self.refused)


def counted(rows: Iterable[Row], events: Iterable[Event] = ()) -> tuple[list[Row], list[Row]]:
    """Split one channel's rows, in order of seq, into (those that count, the doubled ones)."""
    good: list[Row] = []
    doubled: list[Row] = []
    starts: set[int | None] = set()
    settings = [(event.seq, event.time_s) for event in events if event.type == "clock_set"]
    settings.reverse()
    end_s = 0
    for row in rows:
        while settings and settings[-1][0] < row.seq:
            set_s = settings.pop()[1]
            if set_s is not None and set_s < end_s:  # hours come again
                starts.clear()
                end_s = set_s
        if row.delta is not None and row.start_s in starts and not row.quality & _PART:
            doubled.append(row)
            continue
        good.append(row)
        if row.delta is not None and row.start_s is not None:
            starts.add(row.start_s)
            end_s = max(end_s, row.start_s + row.period_s)
    return good, doubled


def close_channel(
    channel: str, unit: str, rows: list[Row], events: Iterable[Event] = ()
) -> ChannelBook:
    """The book of one channel from its rows, and the collector's events, in order of seq."""
    good, doubled = counted(rows, events)
    valued = [row for row in good if row.delta is not None]
    book = ChannelBook(channel, unit, doubled=len(doubled))
    book.intervals = len(valued)
    book.missing = len(good) - len(valued)
    book.flagged = sum(row.quality & ~DST != 0 for row in valued)
    book.consumption = sum(row.delta or 0 for row in valued)
    book.timeless = sum(row.start_s is None for row in valued)
    spans = [(row.start_s, row.start_s + row.period_s) for row in good if row.start_s is not None]
    if spans:
        book.first_start_s = min(start_s for start_s, _ in spans)
        book.last_end_s = max(end_s for _, end_s in spans)
    steps = steps_of(channel, events)
    _chain(book, good, steps)
    _check_time(book, good)
    _check_days(book, rows, events, steps)
    return book


def _chain(book: ChannelBook, rows: list[Row], steps: list[tuple[int, int]]) -> None:
    """Follow the register from row to row, also over those that do not tell it. Where they do not
    meet, only a step that was told can be the reason.
    """
    known = next((place for place, row in enumerate(rows) if row.open is not None), None)
    if known is None:
        return
    register = (rows[known].open or 0) - sum(row.delta or 0 for row in rows[:known])
    book.first_open = register
    before = rows[0]
    told = 0  # by steps since the last row that tells its register
    for row in rows:
        told += sum(step for seq, step in steps if before.seq < seq < row.seq)
        if row.open is not None:
            if row.open == register + told:
                book.steps += told
            elif row.open != register:
                book.breaks.append(Break(before.seq, row.seq, register, row.open))
            register, told = row.open, 0
        register += row.delta or 0
        before = row
    book.last_close = register


def _check_time(book: ChannelBook, rows: list[Row]) -> None:
    """Note where time is not covered, or covered by two rows that are not parts of one hour."""
    told = [(row.start_s, row) for row in rows if row.start_s is not None]
    told.sort(key=lambda pair: (pair[0], pair[1].seq))
    for (before_s, before), (after_s, after) in zip(told, told[1:], strict=False):
        end_s = before_s + before.period_s
        if after_s > end_s:
            book.gaps.append((end_s, after_s))
        elif before_s < after_s < end_s and not (before.quality | after.quality) & _PART:
            book.overlaps.append((before_s, after_s))


def _check_days(
    book: ChannelBook, rows: list[Row], events: Iterable[Event], steps: list[tuple[int, int]]
) -> None:
    """Hold the intervals of each day against what the collector told at its end."""
    before: tuple[int, int] | None = None
    for event in events:
        register = event.detail.get(book.channel) if event.type == "day_closed" else None
        if not isinstance(register, int) or register < 0 or event.time_s is None:
            continue
        if before:
            since, opened = before
            told = sum(row.delta or 0 for row in rows if since < row.seq < event.seq)
            told += sum(step for seq, step in steps if since < seq < event.seq)
            book.days.append(Day(event.time_s, register - opened - told))
        before = event.seq, register
