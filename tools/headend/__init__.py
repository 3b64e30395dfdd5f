"""The utility's receiver: takes every interval and event once, keeps it, says so, closes the
books.

It is an independent reader of the wire contract. Of the firmware it imports nothing but the
calendar of tariffs (lib/tariff.py), which no collector has: those are told what comes of it; the
short code of an examination (lib/short_code.py); and what makes messages of a journal
(lib/shipment.py), so that one that was brought home says what its collector would have said.
"""
