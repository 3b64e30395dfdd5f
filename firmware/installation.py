"""What stands here: the board, its configuration and its meter's profile.

Read first, before the services' code is loaded: the texts and the code that checks them are let go
of again, and a heap that is still whole is the only one sure to have room for them.
"""

import once
from config import Config


class Installation:
    """board, config, and the model of its meter (a lib.profile.Profile)."""

    def __init__(self, board):
        self.board = board
        self.config = Config(board.identity_partition())
        self.model = _profile(self.config["meter.profile"])


def _profile(name: str):
    from lib import profile_text

    once.forget("lib.profile_text")
    with open("profiles/%s.json" % name) as text:
        return profile_text.load(text.read())
