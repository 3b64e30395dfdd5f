"""`make bench`: what the project claims, measured, beside its targets and beside its peers.

One file per subject, with `NAME`, `measure()` and `tables()`; `__main__.py` has the list of them.
"""
