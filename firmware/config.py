"""The configuration that survives: a text in the identity partition, checked when it is read."""

import once
from journal import identity
from settings_table import table

once.forget("journal.identity")
once.forget("settings_table")


class Config:
    """values, by key (lib/settings.py), always complete: what is not stored, or stored wrongly,
    has its default. problems: one line for each stored value that was refused. place: where
    all that is kept (journal/identity.py).
    """

    def __init__(self, partition):
        self.place = identity.place_in(partition)
        text, trouble = identity.load(self.place)
        self.values, problems = _settings().parse(text, table)
        self.problems = trouble + problems

    def replace(self, text: bytes) -> list:
        """Store a new configuration, whole or not at all; the problems that prevented it."""
        settings = _settings()
        values, problems = settings.parse(text, table)
        problems = problems or identity.save(self.place, settings.dump(values, table))
        if not problems:
            self.values, self.problems = values, []
        return problems


def _settings():
    from lib import settings

    once.forget("lib.settings")
    once.forget("lib.setting")
    once.forget("lib.agreement")
    return settings
