"""The tables of the head-end, in the SQL that SQLite and PostgreSQL both speak."""

from collections.abc import Iterator

# Of UTC, and of a boot that did not know the time yet.
STARTS = {"intervals": "start_s", "boot_intervals": "since_boot_s"}
_INTERVALS = """
CREATE TABLE IF NOT EXISTS {table} (
    collector TEXT NOT NULL, channel TEXT NOT NULL, seq BIGINT NOT NULL,
    boot BIGINT NOT NULL, {start} BIGINT NOT NULL, period_s BIGINT NOT NULL,
    open BIGINT, delta BIGINT, quality BIGINT NOT NULL,
    historical BIGINT NOT NULL, received_s BIGINT NOT NULL,
    PRIMARY KEY (collector, channel, seq)
) {options}"""

_TABLES = """
CREATE TABLE IF NOT EXISTS collectors (
    collector TEXT PRIMARY KEY,
    watermark BIGINT NOT NULL DEFAULT 0,
    dropped_doubles BIGINT NOT NULL DEFAULT 0,
    refused BIGINT NOT NULL DEFAULT 0,
    refused_last TEXT,
    online BIGINT,
    boot BIGINT,
    status TEXT,
    status_received_s BIGINT
) {options};
CREATE TABLE IF NOT EXISTS stretches (
    collector TEXT NOT NULL, kind TEXT NOT NULL,
    after BIGINT NOT NULL, upto BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS stretches_by_collector ON stretches (collector, kind, after);
CREATE TABLE IF NOT EXISTS channels (
    collector TEXT NOT NULL, channel TEXT NOT NULL, unit TEXT NOT NULL,
    PRIMARY KEY (collector, channel)
) {options};
CREATE TABLE IF NOT EXISTS events (
    collector TEXT NOT NULL, seq BIGINT NOT NULL, boot BIGINT NOT NULL, time_s BIGINT,
    type TEXT NOT NULL, detail TEXT NOT NULL, received_s BIGINT NOT NULL,
    PRIMARY KEY (collector, seq)
) {options};
CREATE TABLE IF NOT EXISTS conflicts (
    collector TEXT NOT NULL, seq BIGINT NOT NULL, channel TEXT NOT NULL,
    kept TEXT NOT NULL, refused TEXT NOT NULL, received_s BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS conflicts_by_record ON conflicts (collector, seq, channel);
CREATE TABLE IF NOT EXISTS holes (
    collector TEXT PRIMARY KEY, after BIGINT NOT NULL, since_s BIGINT NOT NULL,
    asked_upto BIGINT, asked_s BIGINT
) {options};
CREATE TABLE IF NOT EXISTS commands (
    collector TEXT NOT NULL, boot BIGINT NOT NULL, id BIGINT NOT NULL,
    command TEXT NOT NULL, sent_s BIGINT NOT NULL, reply TEXT, replied_s BIGINT,
    PRIMARY KEY (collector, boot, id)
) {options}"""


def statements(options: str) -> Iterator[str]:
    """What makes the tables that are not there yet."""
    for statement in _TABLES.split(";"):
        yield statement.format(options=options)
    for table, start in STARTS.items():
        yield _INTERVALS.format(table=table, start=start, options=options)
