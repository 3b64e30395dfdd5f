"""What stands here: the board, its configuration and its meter's profile.

Read first, before the services' code is loaded: the texts and the code that checks them are let go
of again, and a heap that is still whole is the only one sure to have room for them.
"""

import once
from config import Config
from lib.profile import ProfileError

# A profile that was put onto the board wins over the built-in one of its name.
_FOLDERS = ("site", "profiles")


class Installation:
    """board, config, and the model of its meter (a lib.profile.Profile). changed: what is told of
    a setting that waited for this start; () when there was none, or it could not be stored.

    A profile that is not there, or wrong, is one of the configuration's problems; with none that
    is right the model is None, and the collector counts its pulses without a meter.
    """

    def __init__(self, board):
        self.board = board
        problems, self.changed = _amended(board)
        self.config = Config(board.identity_partition())
        self.config.problems += problems
        self.model = self._model(self.config["meter.profile"])

    def _model(self, name: str):
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
                self.config.problems.append(str(error))
        self.config.problems.append("meter.profile: no good profile '%s'" % name)
        return None


def _amended(board) -> tuple:
    """Store what waits in the RTC memory (lib/parked.py): (problems, what is told of it)."""
    from lib import parked

    once.forget("lib.parked")
    memory = board.rtc_memory()
    setting = parked.read(memory())
    if not setting:
        return [], ()
    memory(memory()[: parked.BEFORE_BYTES])
    import amendment

    once.forget("amendment")
    return amendment.change(board.identity_partition(), *setting)
