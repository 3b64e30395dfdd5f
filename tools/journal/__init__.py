"""A second reader of the journal, written from firmware/JOURNAL.md alone."""
