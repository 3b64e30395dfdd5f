"""What commands are about, by name."""


class Site:
    """mains: None where nothing senses it. replies: those that are not told yet."""

    def __init__(self, parts: tuple):
        self.clock, self.journal, self.books, self.collector, self.pulses = parts[:5]
        self.timekeeper, self.uplink, self.mains, self.watchdog, self.identity = parts[5:10]
        self.replies = parts[10]
