"""Somebody is here, and has a line to the collector."""


class Visit:
    """site: a commands.site.Site. about: names of collector, firmware version and board. secret:
    console.secret, empty where nobody has claimed the collector.

    is_locked: until somebody has proved to know the secret. as_json: an object a line, for
    programs. failures: wrong proofs, one after the other; ready_s: the uptime from which on
    another one is heard. challenges: how many there were. heard_s: the uptime of the line before.
    after_cr: a line feed would be the rest of a line's end. rows: told of what is being done.
    dials: by channel what one showed, and the pulses then (words/dial.py). file: what is being
    sent (words/file.py).
    """

    def __init__(self, site, about: tuple, secret: str):
        self.site = site
        self.about = about
        self.secret = secret
        self.is_locked = bool(secret)
        self.as_json = self.after_cr = False
        self.dials = {}
        self.file = None
        self.failures = self.ready_s = self.challenges = self.heard_s = self.rows = 0
