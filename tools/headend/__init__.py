"""The utility's receiver: takes every interval and event once, keeps it, says so, closes the
books.

It is an independent reader of the wire contract and imports nothing of the firmware.
"""
