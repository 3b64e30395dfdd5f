"""Changes values of the stored configuration, a step at a time: the code that reads, that
checks and that stores it need not be in the heap at once.
"""

import gc

import once


def change(place: list, settings: dict) -> tuple:
    """Store the values, all or none: (the problems that prevented it, what is told of each:
    lib/config_text.py). They hold from the next start. place: of journal/identity.py.
    """
    text, _ = _identity().load(place)
    all_told = []
    for key, value in settings.items():
        gc.collect()
        problems, text, told = _amended(text, key, value)
        if problems:
            return problems, []
        all_told.append(told)
    gc.collect()
    problems = _identity().save(place, text)
    return problems, [] if problems else all_told


def _identity():
    from journal import identity

    once.forget("journal.identity")
    return identity


def _amended(text: bytes, key, value) -> tuple:
    from lib import config_text
    from settings_table import table

    once.forget("lib.config_text")
    once.forget("settings_table")
    return config_text.amended(text, key, value, table)
