"""What a bad line does to bytes, and the dice that decide it: the same on either Python."""

_MASK = 0xFFFFFFFF
BITS_PER_CHARACTER = 10  # start, eight data, stop


class Dice:
    """Random numbers that are the same on both Pythons (mulberry32).

    Not a shift register: those are linear in the same field as a CRC, which would notice.
    """

    def __init__(self, seed):
        self._state = seed * 0x9E3779B1 & _MASK

    def word(self):
        """32 random bits."""
        self._state = self._state + 0x6D2B79F5 & _MASK
        mixed = self._state
        mixed = (mixed ^ mixed >> 15) * (mixed | 1) & _MASK
        mixed ^= mixed + (mixed ^ mixed >> 7) * (mixed | 61) & _MASK
        return mixed ^ mixed >> 14

    def below(self, end):
        """0 to `end` - 1; `end` is small against 2^32."""
        return self.word() % end

    def between(self, first, last):
        """`first` to `last`, both included."""
        return first + self.word() % (last + 1 - first)

    def data(self, size):
        """So many random bytes."""
        drawn = bytearray()
        while len(drawn) < size:
            drawn += self.word().to_bytes(4, "little")
        return bytes(drawn[:size])


def flipped(dice, frame, count):
    """`count` different bits are wrong."""
    data = bytearray(frame)
    places = set()
    while len(places) < count:
        places.add(dice.below(8 * len(data)))
    for place in places:
        data[place // 8] ^= 1 << place % 8
    return bytes(data)


def burst(dice, frame, bits):
    """`bits` on end, in the order of the wire (low bit first): the outer ones wrong, those between
    at random.
    """
    first = dice.below(8 * len(frame) - bits + 1)
    pattern = 1 | 1 << bits - 1 | dice.below(1 << bits)
    data = bytearray(frame)
    for i in range(bits):
        data[(first + i) // 8] ^= (pattern >> i & 1) << (first + i) % 8
    return bytes(data)


def scrambled(dice, frame, start):
    """Behind `start` every fourth bit is wrong, on the average."""
    mask = bytes(a & b for a, b in zip(dice.data(len(frame)), dice.data(len(frame))))  # noqa: B905
    return frame[:start] + bytes(frame[i] ^ mask[i] for i in range(start, len(frame)))


def inserted(dice, frame, noise):
    """`noise` in the middle of the frame."""
    place = dice.between(1, len(frame) - 1)
    return frame[:place] + noise + frame[place:]


def dropped(dice, frame):
    """A few bytes get lost at one place, wherever it is."""
    size = dice.between(1, 3)
    place = dice.below(len(frame) - size + 1)
    return frame[:place] + frame[place + size :]


def swapped(frame, one, other):
    """Two words of the answer have changed places."""
    data = bytearray(frame)
    one, other = 3 + 2 * one, 3 + 2 * other
    data[one : one + 2], data[other : other + 2] = frame[other : other + 2], frame[one : one + 2]
    return bytes(data)


def misheard(frame, sent_bps, heard_bps):
    """What a receiver at `heard_bps` makes of a sender at `sent_bps`; it samples in the middle of
    each bit, from the falling edge on, and takes a wrong stop bit as it comes.
    """
    line = []
    for byte in frame:
        line += [0] + [byte >> i & 1 for i in range(8)] + [1]
    heard = bytearray()
    at = 0  # in units of a bit of the sender divided by 2 * heard_bps
    while True:
        while at // (2 * heard_bps) < len(line) and line[at // (2 * heard_bps)]:
            at = (at // (2 * heard_bps) + 1) * 2 * heard_bps
        if at // (2 * heard_bps) >= len(line):
            return bytes(heard)
        byte = 0
        for i in range(8):
            place = (at + (2 * i + 3) * sent_bps) // (2 * heard_bps)
            byte |= (line[place] if place < len(line) else 1) << i
        heard.append(byte)
        at += 2 * (BITS_PER_CHARACTER - 1) * sent_bps + sent_bps
