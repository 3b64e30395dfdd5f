"""The journal against a list: whatever order things are done in, both say the same."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from host_sim.models.marginal import MOODS
from host_sim.models.nor import CUTS, PowerCut
from journal import JournalFull
from lib import record
from tests.sim.journal_rig import flash, opened, read

LONG = st.tuples(
    st.sampled_from((record.FRAME, record.EVENT, record.CHECKPOINT, 0x77)),
    st.binary(max_size=record.MAX_PAYLOAD),
)
COMPACT = st.tuples(
    st.sampled_from((0x80, 0xB5, 0xFE)),
    st.binary(min_size=record.COMPACT_PAYLOAD, max_size=record.COMPACT_PAYLOAD),
)


class JournalMachine(RuleBasedStateMachine):
    """`told` is the list; what a cut interrupted may or may not be in it."""

    @initialize(seed=st.integers(0, 1 << 30))
    def begin(self, seed: int) -> None:
        """A fresh partition."""
        self.nor = flash(4).copy(seed)
        self.journal = opened(self.nor)
        self.told: dict[int, tuple[int, bytes]] = {}
        self.acked = 0

    @rule(entry=st.one_of(LONG, COMPACT), count=st.integers(1, 60))
    def append(self, entry: tuple[int, bytes], count: int) -> None:
        """Several records of one kind."""
        kind, payload = entry
        for _ in range(count):
            try:
                self.told[self.journal.append(kind, payload)] = (kind, payload)
            except JournalFull:
                assert self.journal.mains_lost

    @rule(back=st.integers(0, 300))
    def acknowledge(self, back: int) -> None:
        """Up to somewhere before the end."""
        try:
            self.journal.ack(max(0, self.journal.newest - back))
        except JournalFull:
            assert self.journal.mains_lost
        self.acked = self.journal.acked

    @rule()
    def prepare(self) -> None:
        """Idle time."""
        self.journal.prepare()

    @rule(lost=st.booleans())
    def mains(self, lost: bool) -> None:
        """The mains go, or come back before the supply is gone."""
        self.journal.mains_lost = lost

    @rule(after=st.integers(0, 1 << 12))
    def read_from(self, after: int) -> None:
        """From any place on, all that is told and still there."""
        found = read(self.journal, after)
        for seq, entry in self.told.items():
            if seq > after and seq >= self.journal.oldest:
                assert found[seq] == entry

    @rule(mood=st.sampled_from(MOODS))
    def reboot(self, mood: str) -> None:
        """A boot, with marginal bits in one mood or another."""
        boot = self.journal.boot if self.journal._resumed else self.journal.boot - 1
        self.nor.power_on()
        self.nor.mood = mood
        self.journal = opened(self.nor)
        assert self.journal.boot == boot + 1
        assert self.journal.acked == self.acked

    @rule(
        operation=st.integers(1, 6),
        how=st.sampled_from(CUTS),
        mood=st.sampled_from(MOODS),
        payload=st.binary(max_size=120),
    )
    def cut(self, operation: int, how: str, mood: str, payload: bytes) -> None:
        """The supply fails while records are appended; at most the last one is in doubt."""
        self.nor.cut_after(operation, how)
        self.journal.mains_lost = False
        try:
            while True:
                seq = self.journal.append(record.EVENT, payload)
                self.told[seq] = (record.EVENT, payload)
        except PowerCut:
            pass
        self.nor.power_on()
        self.nor.mood = mood
        self.journal = opened(self.nor)
        self.journal.append(record.EVENT, b"settled")
        self.told |= read(self.journal, max(self.told, default=0))

    @invariant()
    def agrees(self) -> None:
        """The newest is the newest, and what is gone is acknowledged or counted."""
        if not self.told:
            return
        assert self.journal.newest >= max(self.told)
        if self.journal._resumed and not self.journal.mains_lost:
            owed = self.journal.oldest - 1 - max(self.journal.acked, self.journal.lost)
            assert owed <= 0


TestJournalMachine = JournalMachine.TestCase
TestJournalMachine.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, derandomize=True
)
