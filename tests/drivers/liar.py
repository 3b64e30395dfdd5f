"""A slave that nearly always says something wrong, and what may come of it.

Whoever asks it must get the true words or an error. What a CRC of 16 bits can promise: all
errors of one, two or three bits in frames below 32 751 bits are noticed, and all bursts of up to
16 (x^16 + x^15 + x^2 + 1 is x + 1 times a primitive polynomial of degree 15); of other frames one
in 65536 passes. So each kind of damage has a chance, in units of 1/65536:

- flips of up to three bits, bursts, frames of others, late and doubled ones: exactly 0.
- `swapped`: 1. The difference is d * (x^16n + 1), d the words' difference, which the CRC divides
  for one d of 65535.
- `scrambled`: the sum of 2^-weight over the 65536 words of the dual code of what is behind the
  head, less the undamaged frame; near 1, but for the shortest frames.
- all else: 1 for every place where the head of the answer is followed by enough bytes before the
  true frame is complete, because the driver tries them all; mostly none or one.

An answer that is late comes before the driver has listened for another timeout, and a copy comes
within 3.5 characters; nobody could tell later ones from the answers to the next request.
"""

from tests.drivers import damage
from tests.drivers.meter import framed

TIMEOUT_MS = 300  # of a master made without options
TURNAROUND_US = 4000
BAUD_BPS = 9600
ECHO_US = 8 * damage.BITS_PER_CHARACTER * 1000000 // BAUD_BPS  # it begins with the request
OTHER_BPS = (1200, 2400, 4800, 14400, 19200, 38400)
MAX_WORDS = 4
SCRAMBLED = (0, 4.385, 1.504, 1.034, 1.004)  # by words, for one bit in four


class Kind:
    """One way to answer: `make(dice, request, frame)` gives the bytes, `delay_us` when they begin
    after the request; `chance`: see above, None to count places; `clear`: the true words are there
    and must be taken.
    """

    def __init__(self, name, weight, make, chance=None, clear=False, delay_us=TURNAROUND_US):
        self.name = name
        self.weight = weight
        self.make = make
        self.chance = chance
        self.clear = clear
        self.delay_us = delay_us


class Liar:
    """A slave for tests.drivers.wire.UART; `words` is the truth about the present read."""

    def __init__(self, seed):
        self.dice = damage.Dice(seed)
        self.slave = self.dice.between(1, 247)
        self.answers = 0
        self.chance = 0
        self.ask()

    def ask(self):
        """Think of the next read: (function, register, count)."""
        dice = self.dice
        count = dice.between(1, MAX_WORDS)
        self.words = dice.data(2 * count)
        self.kinds = []  # of the answers to this read, one for each attempt
        self.heard = b""  # the last of them, as it went on the wire
        return dice.between(3, 4), dice.below(65536 - count), count

    def __call__(self, request):
        frame = framed(request[:2] + bytes((len(self.words),)) + self.words)
        kind = _DECK[self.dice.below(len(_DECK))]
        self.heard = kind.make(self.dice, request, frame)
        self.answers += 1
        self.kinds.append(kind)
        self.chance += self._chance(kind, request, frame)
        if not self.heard:
            return []
        late_us = 1000 * self.dice.below(TIMEOUT_MS - 10) if kind.name == "late" else 0
        return [(kind.delay_us + late_us, self.heard)]

    def _chance(self, kind, request, frame):
        if self.heard == frame:  # two words that change places may be one, or equal
            return 0
        if kind.chance is None:
            return places(self.heard, request, frame)
        return SCRAMBLED[len(self.words) // 2] if kind.chance is SCRAMBLED else kind.chance


def places(heard, request, frame):
    """Where a driver could take a wrong frame for the answer, before it finds the true one."""
    head = frame[:3]
    start = len(request) if heard.startswith(request) else 0
    end = heard.find(frame)
    end = len(heard) - len(frame) if end < 0 else end - 1
    count = 0
    while True:
        start = heard.find(head, start) + 1
        if not 0 < start <= end + 1:
            return count
        count += 1


def _noise(dice):
    """Up to a dozen bytes, at random, or all ones or zeros as line drivers make them."""
    size = dice.between(1, 12)
    return (b"\xff" * size, b"\x00" * size, dice.data(size))[dice.below(3)]


def _false_heads(dice, request, frame):
    false = (frame[:3] + dice.data(dice.below(len(frame))) for _ in range(3))
    return b"".join(false) + frame


def _swapped(dice, request, frame):
    count = frame[2] // 2
    return damage.swapped(frame, dice.below(count), dice.below(count))


def _foreign(dice, request, frame):
    head = bytearray(frame[:3])
    head[dice.below(3)] ^= dice.between(1, 255)
    return framed(bytes(head) + dice.data(dice.between(1, 12)))


def _refusal(dice, request, frame):
    return framed(bytes((request[0], request[1] | 0x80, dice.between(1, 11))))


def _wrong_speed(dice, request, frame):
    return damage.misheard(frame, OTHER_BPS[dice.below(len(OTHER_BPS))], BAUD_BPS)


KINDS = (
    Kind("clean", 5, lambda dice, request, frame: frame, 0, clear=True),
    Kind("silence", 1, lambda dice, request, frame: b"", 0),
    Kind("one bit", 4, lambda dice, _, frame: damage.flipped(dice, frame, 1), 0),
    Kind("two bits", 5, lambda dice, _, frame: damage.flipped(dice, frame, 2), 0),
    Kind("three bits", 5, lambda dice, _, frame: damage.flipped(dice, frame, 3), 0),
    Kind("burst", 8, lambda dice, _, frame: damage.burst(dice, frame, dice.between(2, 16)), 0),
    Kind("scrambled", 10, lambda dice, _, frame: damage.scrambled(dice, frame, 3), SCRAMBLED),
    Kind("forged", 15, lambda dice, _, frame: frame[:3] + dice.data(len(frame) - 3)),
    Kind("false heads", 10, _false_heads, clear=True),
    Kind("swapped", 6, _swapped, 1),
    Kind("truncated", 3, lambda dice, _, frame: frame[: dice.between(1, len(frame) - 1)]),
    Kind("dropped", 4, lambda dice, _, frame: damage.dropped(dice, frame)),
    Kind("inserted", 5, lambda dice, _, frame: damage.inserted(dice, frame, _noise(dice))),
    Kind("noise before", 4, lambda dice, _, frame: _noise(dice) + frame, clear=True),
    Kind("noise after", 4, lambda dice, _, frame: frame + _noise(dice), clear=True),
    Kind("noise", 2, lambda dice, request, frame: _noise(dice)),
    Kind("foreign", 4, _foreign, 0),
    Kind("refusal", 2, _refusal, 0),
    Kind("late", 6, lambda dice, _, frame: frame, 0, delay_us=(TIMEOUT_MS + 5) * 1000),
    Kind("doubled", 4, lambda dice, _, frame: frame + frame, 0, clear=True),
    Kind("echo", 3, lambda dice, request, frame: request + frame, 0, True, -ECHO_US),
    Kind("noisy echo", 3, lambda dice, request, frame: _noise(dice) + request + frame, None, True),
    Kind("wrong speed", 3, _wrong_speed),
)
_DECK = [kind for kind in KINDS for _ in range(kind.weight)]
