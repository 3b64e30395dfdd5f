"""The tables of the head-end."""

# Of UTC, and of a boot that did not know the time yet.
_INTERVALS = """
CREATE TABLE IF NOT EXISTS {table} (
    collector TEXT NOT NULL, channel TEXT NOT NULL, seq INTEGER NOT NULL,
    boot INTEGER NOT NULL, {start} INTEGER NOT NULL, period_s INTEGER NOT NULL,
    open INTEGER, delta INTEGER, quality INTEGER NOT NULL,
    historical INTEGER NOT NULL, received_s INTEGER NOT NULL,
    PRIMARY KEY (collector, channel, seq)
) WITHOUT ROWID;
"""
STARTS = {"intervals": "start_s", "boot_intervals": "since_boot_s"}

SCHEMA = """
CREATE TABLE IF NOT EXISTS collectors (
    collector TEXT PRIMARY KEY,
    watermark INTEGER NOT NULL DEFAULT 0,
    dropped_doubles INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    refused_last TEXT,
    online INTEGER,
    boot INTEGER,
    status TEXT,
    status_received_s INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stretches (
    collector TEXT NOT NULL, kind TEXT NOT NULL,
    after INTEGER NOT NULL, upto INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS stretches_by_collector ON stretches (collector, kind, after);
CREATE TABLE IF NOT EXISTS channels (
    collector TEXT NOT NULL, channel TEXT NOT NULL, unit TEXT NOT NULL,
    PRIMARY KEY (collector, channel)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS events (
    collector TEXT NOT NULL, seq INTEGER NOT NULL, boot INTEGER NOT NULL, time_s INTEGER,
    type TEXT NOT NULL, detail TEXT NOT NULL, received_s INTEGER NOT NULL,
    PRIMARY KEY (collector, seq)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS conflicts (
    collector TEXT NOT NULL, seq INTEGER NOT NULL, channel TEXT NOT NULL,
    kept TEXT NOT NULL, refused TEXT NOT NULL, received_s INTEGER NOT NULL,
    PRIMARY KEY (collector, seq, channel, refused)
) WITHOUT ROWID;
"""
SCHEMA += "".join(_INTERVALS.format(table=table, start=start) for table, start in STARTS.items())
