"""What commands are about, by name."""


class Site:
    """mains: None where nothing senses it. identity: where the configuration is kept
    (journal/identity.py). on_well: called before an orderly restart, which is no failure
    (safemode.py). problems: how many the configuration has. replies: (number, word, detail), or
    (number, None, why it is refused), in order, of those that are not told yet.
    """

    def __init__(
        self,
        clock,
        journal,
        books,
        collector,
        pulses,
        timekeeper,
        uplink,
        wifi,
        mains,
        watchdog,
        identity,
        on_well,
    ):
        self.clock = clock
        self.journal = journal
        self.books = books
        self.collector = collector
        self.pulses = pulses
        self.timekeeper = timekeeper
        self.uplink = uplink
        self.wifi = wifi
        self.mains = mains
        self.watchdog = watchdog
        self.identity = identity
        self.on_well = on_well
        self.problems = 0
        self.replies = []
