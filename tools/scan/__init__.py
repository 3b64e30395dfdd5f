"""Finds the meters on an RS-485 line, says which models they are, and shows what they measure.

It reads and never writes: functions 3 and 4 only.
"""
