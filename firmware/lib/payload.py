"""MQTT texts of the collector: interval batches, events, and the head-end's answer.

Every text has fixed keys in a fixed order and integers only. A batch grows record by record
until one does not join; it then covers a stretch of the journal, `after` < seq <= `upto`, and
the head-end can prove that nothing is between two of them.
"""

from lib.jsontext import JsonWriter, load_object

MESSAGE_BYTES = 1400  # with the MQTT and TCP/IP heads in one Ethernet frame
_HEAD_BYTES = 76  # what stands before a batch, with the largest numbers
_PACKET_BYTES = 128  # MQTT's header and the topic
_ACK_BYTES = 256
_MAX_SEQ = 0xFFFFFFFF


def told(text: memoryview, key: str) -> int | None:
    """The number that the head-end tells under `key`; None if there is none."""
    data = load_object(text) if len(text) <= _ACK_BYTES else None
    if data is None or data.get("v") != 1:
        return None
    number = data.get(key)
    return number if type(number) is int and 0 <= number <= _MAX_SEQ else None


def _span(boot: int, after: int, upto: int) -> str:
    return '{"v":1,"boot":%d,"after":%d,"upto":%d,' % (boot, after, upto)


def writer(message_bytes: int = MESSAGE_BYTES) -> JsonWriter:
    """The buffer for one message at a time, which all that the collector says share. It leaves the
    broker's socket as it is, with the packet's head put in front: a second kilobyte for packets
    would be a sixth of what is free where the heap is smallest.
    """
    return JsonWriter(message_bytes, _HEAD_BYTES, _PACKET_BYTES)


class IntervalBatch:
    """Contiguous interval records of one boot, as one text.

    channels: (name, unit) pairs in the order of the records' lists.
    out: where the text is written, as made by `writer`.
    """

    def __init__(self, channels: tuple, out: JsonWriter):
        self._channels = channels
        self._limit = out.room()
        self._out = out
        self._seqs = []
        self._deltas = [[] for _ in channels]
        self._qualities = [[] for _ in channels]
        self._quality_bytes = [0] * len(channels)
        self._known = True
        self._opens = [None] * len(channels)
        self._registers = [None] * len(channels)
        self.clear()

    def __len__(self) -> int:
        return len(self._seqs)

    def clear(self) -> None:
        """Forget all records."""
        self._seqs.clear()
        for i in range(len(self._channels)):
            self._deltas[i].clear()
            self._qualities[i].clear()
            self._quality_bytes[i] = 0
        self._boot = 0
        self._period_s = 0
        self._start_s = 0
        self._since_boot = False
        self._size = 0

    def add(self, seq: int, boot: int, registers, interval) -> bool:
        """Add a record; False when it does not join, and the batch must be sent first.

        interval: as lib/frame.py has it. registers: each channel's register at its start, in base
        units; None while it was never read: such a channel is left out. None instead of the list:
        no register is known, since records before it are damaged.
        It joins when it has the same boot and period, follows in time and register, and fits. An
        empty batch refuses only what `limit` can never hold.
        """
        deltas, qualities = interval.deltas, interval.qualities
        if self._seqs and not self._follows(interval, boot, registers):
            return False
        size = self._size if self._seqs else self._frame_bytes(interval, registers)
        size += len(str(seq)) + 1
        quality_size = 0
        for i, flags in enumerate(qualities):
            size += _digits(deltas[i]) + 1
            if flags or self._qualities[i]:
                quality_size += self._quality_bytes[i] + _digits(flags) + 1 + len(',"quality":[]')
        if size + quality_size > self._limit:
            return False
        if not self._seqs:
            self._boot = boot
            self._period_s = interval.period_s
            self._start_s, self._since_boot = interval.start_s, interval.since_boot
            self._known = registers is not None
            self._opens[:] = registers or [None] * len(deltas)
            self._registers[:] = self._opens
        self._size = size
        self._seqs.append(seq)
        for i, delta in enumerate(deltas):
            self._deltas[i].append(delta)
            self._add_quality(i, qualities[i])
            self._quality_bytes[i] += _digits(qualities[i]) + 1
            if delta and self._registers[i] is not None:
                self._registers[i] += delta
        return True

    def _add_quality(self, place: int, flags: int) -> None:
        """Most hours are good, and so are all before them: then the list stays empty."""
        qualities = self._qualities[place]
        if flags or qualities:
            while len(qualities) < len(self._seqs) - 1:
                qualities.append(0)
            qualities.append(flags)

    def _follows(self, interval, boot: int, registers: list) -> bool:
        end_s = self._start_s + len(self._seqs) * self._period_s
        if interval.since_boot != self._since_boot or interval.start_s != end_s:
            return False
        if interval.period_s != self._period_s:
            return False
        if boot != self._boot or self._known != (registers is not None):
            return False
        return registers is None or list(registers) == self._registers

    def _frame_bytes(self, interval, registers: list) -> int:
        """Bound on the text without what grows with the records."""
        size = _HEAD_BYTES + len('"start":,"period":,"seq":[],"historical":0,"channels":{}}')
        size += len(str(interval.start_s)) + 5 * interval.since_boot + len(str(interval.period_s))
        for i, (name, unit) in enumerate(self._channels):
            size += len(name) + len(unit) + len(str(registers[i] if registers else None))
            size += len('"":{"unit":"","open":,"delta":[]},')
        return size

    def text(self, after: int, upto: int, historical: int = 0) -> memoryview:
        """The message; valid until the next call. `after` < seq <= `upto`: what it covers.

        historical: 1 when the records are older than the connection.
        """
        out = self._out
        out.clear()
        clock = "since_boot" if self._since_boot else "start"
        out.put('"%s":%d,"period":%d,"seq":' % (clock, self._start_s, self._period_s))
        out.numbers(self._seqs)
        out.put(',"historical":%d,"channels":' % historical)
        separator = "{"
        for i, (name, unit) in enumerate(self._channels):
            if self._known and self._opens[i] is None:
                continue  # never read: there is nothing to tell, and no register to tell it from
            out.put(separator)
            out.string(name)
            out.put(':{"unit":')
            out.string(unit)
            out.put(',"open":')
            out.number(self._opens[i])
            out.put(',"delta":')
            out.numbers(self._deltas[i])
            if self._qualities[i]:
                out.put(',"quality":')
                out.numbers(self._qualities[i])
            out.put("}")
            separator = ","
        if separator == "{":
            out.put("{")
        out.put("}}")
        return out.text(_span(self._boot, after, upto))


class EventBatch:
    """Event records, written as they come into one text; `out` as made by `writer`."""

    def __init__(self, out: JsonWriter):
        self._out = out
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def clear(self) -> None:
        """Forget all events."""
        self._out.clear()
        self._count = 0

    def add(self, seq: int, boot: int, unix_s: int | None, kind: str, detail: tuple = ()) -> bool:
        """Add an event; False when it does not fit, and the batch must be sent first.

        unix_s: None when the time is not known. detail: pairs of key and integer, text or None.
        An empty batch refuses only what no message can hold.
        """
        out = self._out
        mark = out.length
        try:
            out.put('%s{"seq":%d,"boot":%d,"time":' % ("," if self._count else "", seq, boot))
            out.number(unix_s)
            out.put(',"type":')
            out.string(kind)
            out.put(',"detail":{')
            for i, (key, value) in enumerate(detail):
                out.put("," if i else "")
                out.pair(key, value)
            out.put("}}]}")
        except IndexError:
            out.clear(mark)
            return False
        out.clear(out.length - 2)  # the end is written again by `text`
        self._count += 1
        return True

    def text(self, boot: int, after: int, upto: int) -> memoryview:
        """The message of the present `boot`; valid until the next change."""
        out = self._out
        mark = out.length
        out.put("]}")
        text = out.text(_span(boot, after, upto) + '"events":[')
        out.clear(mark)
        return text


def _digits(value: int | None) -> int:
    return 4 if value is None else len(str(value))
