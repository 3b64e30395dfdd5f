"""Registers by period of the tariff, and the highest demand: kept beside the books, by records in
the same journal.

Before an interval is stored, a record tells of the period that begins with it; once a day all is
told, which is where a boot goes on from. lib/tally.py has the rule, TARIFFS.md the rest.
"""
