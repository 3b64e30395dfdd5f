"""The words of the events 40 to 49: see event_words.py."""

TEXT = """
40 commissioned checked failed requests errors
"""
