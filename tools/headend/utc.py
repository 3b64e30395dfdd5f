"""A moment as people read it."""

from datetime import UTC, datetime


def utc(unix_s: int) -> str:
    """`2026-03-08 10:00`; the number itself where no calendar has it."""
    try:
        return datetime.fromtimestamp(unix_s, UTC).strftime("%Y-%m-%d %H:%M")
    except (OverflowError, ValueError, OSError):  # a collector may name any year
        return str(unix_s)
