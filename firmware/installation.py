"""What stands here: the board, its configuration and its meter's profile.

Read first, before the services' code is loaded: the texts and the code that checks them are let go
of again, and a heap that is still whole is the only one sure to have room for them.
"""

from micropython import const

import once
from config import Config
from lib.profile import ProfileError

# A profile that was put onto the board wins over the built-in one of its name.
_FOLDERS = ("site", "profiles")
_PARKED_FROM = const(35)  # lib/parked.py


class Installation:
    """board; identity: where its configuration is kept (journal/identity.py); config, values by
    key (lib/settings.py); model of its meter, a lib.profile.Profile; problems of both, a line for
    each; changed: what is told of each setting that waited for this
    start; empty when there was none, or it could not be stored.

    A profile that is not there, or wrong, is a problem; with none that is right the model is None,
    and the collector counts its pulses without a meter. No methods: they would keep the code of
    this module as long as the start takes.
    """

    def __init__(self, board, identity: list, config: dict, model, problems: list, changed: list):
        self.board = board
        self.identity = identity
        self.config = config
        self.model = model
        self.problems = problems
        self.changed = changed


def installed(board) -> Installation:
    """What is found on the board."""
    problems, changed = _amended(board)
    config = Config(board.identity_partition())
    problems = config.problems + problems
    for key in board.missing(config.values):
        config.values[key] = "none"
        problems.append(key + ": this board has no input for it")
    model = _model(config.values["meter.profile"], problems)
    return Installation(board, config.place, config.values, model, problems, changed)


def _model(name: str, problems: list):
    if name == "none":  # it counts pulses only
        return None
    from lib import profile_text

    once.forget("lib.profile_text")
    for folder in _FOLDERS:
        path = "%s/%s.txt" % (folder, name)
        try:
            with open(path) as text:
                return profile_text.load(text, path)
        except OSError:
            pass
        except ProfileError as error:
            problems.append(str(error))
    problems.append("meter.profile: no good profile '%s'" % name)
    return None


def _amended(board) -> tuple:
    """Store what waits in the RTC memory (lib/parked.py): (problems, what is told of each)."""
    memory = board.rtc_memory()
    if len(memory()) <= _PARKED_FROM:
        return [], []
    from lib import parked

    once.forget("lib.parked")
    waiting = parked.read(memory())
    if not waiting:
        return [], []
    memory(memory()[: parked.BEFORE_BYTES])
    import amendment
    from journal import identity

    once.forget("amendment")
    once.forget("journal.identity")
    settings, source = waiting
    place = identity.place_in(board.identity_partition())
    problems, all_told = amendment.change(place, settings)
    return problems, [(source,) + told for told in all_told]
