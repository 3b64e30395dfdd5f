"""The second reader, written from JOURNAL.md alone, sees what the firmware sees.

In whole images, after cuts, and in damaged ones.
"""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from books import CHANNELS
from host_sim.models.nor import CUTS, SECTOR_BYTES, Nor, PowerCut
from journal import Journal
from lib import events, frame, record, registers
from tests.sim.partition import Partition
from tools.journal.image import Entry, ImageError, read_image
from tools.journal.names import named
from tools.journal.words import Words

START_S = 1772323200
NAMES = [name for name, _ in CHANNELS]


def opened(nor: Nor) -> Journal:
    nor.power_on()
    nor.mood = "as erased"
    journal = Journal(Partition(nor))
    journal.open()
    journal.snapshot = registers.Registers(START_S, [10**6] * 4, [0] * 4, [0] * 4).pack
    return journal


def firmware_sees(journal: Journal) -> list[tuple[int, int, bytes]]:
    cursor = journal.cursor()
    found = []
    while entry := cursor.next():
        found.append((entry.seq, entry.kind, bytes(entry.payload)))
    return found


def reader_sees(nor: Nor, path: Path) -> list[tuple[int, int, bytes]]:
    nor.save(path)
    return [(e.seq, e.kind, e.payload) for e in read_image(path).records]


@pytest.mark.parametrize("seed", range(40))
def test_both_readers_agree_after_cuts(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    nor = Nor(6 * SECTOR_BYTES, seed=seed, write_once_16=True)
    for _ in range(12):
        journal = opened(nor)
        nor.cut_after(rng.randint(1, 150), rng.choice(CUTS))
        try:
            while True:
                journal.append(record.EVENT, rng.randbytes(rng.randrange(121)))
                if rng.random() < 0.1:
                    journal.ack(journal.newest)
        except PowerCut:
            pass
    opened(nor).append(record.EVENT, b"settled")
    assert reader_sees(nor, tmp_path / "image") == firmware_sees(opened(nor))


def test_both_readers_agree_on_damage(tmp_path: Path) -> None:
    rng = random.Random(5)
    nor = Nor(6 * SECTOR_BYTES, write_once_16=True)
    journal = opened(nor)
    for _ in range(900):
        journal.append(record.EVENT, rng.randbytes(20))
    for _ in range(40):
        nor.data[rng.randrange(nor.size)] ^= 1 << rng.randrange(8)
        assert reader_sees(nor, tmp_path / "image") == firmware_sees(opened(nor))


def test_the_command_prints_records_and_damage(tmp_path: Path) -> None:
    nor = Nor(4 * SECTOR_BYTES, write_once_16=True)
    journal = opened(nor)
    for hour in range(5):
        start_s = START_S + hour * 3600
        deltas, qualities = (
            ([512, None, 3, 0], [0, 8, 1, 0]) if hour == 3 else ([hour] * 4, [0] * 4)
        )
        journal.append(*frame.pack(start_s, 3600, deltas, qualities, start_s))
    journal.ack(4)
    nor.data[32 + 32 + 16 + 10] ^= 1  # header, snapshot, boot, first frame
    path = tmp_path / "image"
    nor.save(path)
    command = [sys.executable, "-m", "tools.journal", str(path)]
    said = json.loads(subprocess.run([*command, "--json"], capture_output=True, check=True).stdout)
    frames = [entry for entry in said["records"] if entry["kind"] == "frame"]
    hours = range(1, 5)
    assert [each["start"] for each in frames] == [f"2026-03-01T0{h}:00:00+00:00" for h in hours]
    expected = [[1] * 4, [2] * 4, [512, None, 3, 0], [4] * 4]
    assert [each["delta"] for each in frames] == [by_channel(each) for each in expected]
    assert frames[2]["quality"] == by_channel([0, 8, 1, 0])
    assert {each["boot"] for each in frames} == {1}
    assert (said["acked"], said["kinds"]["frame"]) == (4, 4)
    assert said["damage"]["missing"] == [[3, 3]]
    text = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    assert "frame" in text
    path.write_bytes(b"\xff" * 8192)
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    assert (done.returncode, done.stderr.strip()) == (1, f"{path}: blank")


def by_channel(values: list) -> dict:
    return dict(zip(NAMES, values, strict=True))


def test_every_value_of_an_event_has_its_name() -> None:
    # The same word and names as on the wire; and of a newer firmware's event at least its number.
    told = events.pack(events.MAINS_BACK, 7, START_S, (90, START_S, START_S + 90, 0, -1, 1))
    boot, unix_s, word, detail = events.unpack(told)
    described = named(Words().describe(Entry(0, 0, record.EVENT, 9, 1, told)))
    assert (described["type"], described["boot"], described["detail"]) == (
        word,
        boot,
        dict(detail),
    )
    assert len(detail) == 6
    unknown = events.pack(250, 7, None, (3, 4))
    described = named(Words().describe(Entry(0, 0, record.EVENT, 9, 1, unknown)))
    assert (described["type"], described["detail"], described["further"]) == (
        "event_250",
        {},
        [3, 4],
    )


def test_of_a_setting_that_was_stored_the_name_is_told() -> None:
    told = events.pack(events.CONFIG_SET, 7, None, (2, 44544, 300, 90))
    described = named(Words().describe(Entry(0, 0, record.EVENT, 9, 1, told)))
    assert described["detail"] == {
        "setting": "meter.poll_s",
        "source": 2,
        "key": 44544,
        "before": 300,
        "after": 90,
    }


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        (record.TARIFF, b'{"v":1,', {"text": '{"v":1,'}),
        (record.LEAK, bytes((2, 5, 0x80, 1)), {"channel": "water", "state": [5, 128]}),
        (record.BOOT, record.pack_mark(3, 2, 9), {"acked": 3, "boot": 2, "lost": 9}),
        (record.BOOT, record.pack_mark(3, 2, 3), {"acked": 3, "boot": 2}),
        (
            record.CHECKPOINT,
            bytes((1, 2, 3, 4)),
            {"since": dict(zip(NAMES, (1, 2, 3, 4), strict=True))},
        ),
        (record.CHECKPOINT, bytes((1, 2)), {"since": [1, 2]}),
        (record.LEAK, b"", {"malformed": ""}),
        (record.ACK, bytes(4), {"malformed": "00000000"}),
    ],
)
def test_the_names_of_other_records(kind: int, raw: bytes, expected: dict) -> None:
    assert named(Words().describe(Entry(0, 0, kind, 1, 1, raw))) == expected


def test_what_is_no_image(tmp_path: Path) -> None:
    path = tmp_path / "image"
    for raw, text in ((b"", "multiple"), (b"x" * 100, "multiple"), (b"x" * 16384, "no journal")):
        path.write_bytes(raw)
        with pytest.raises(ImageError, match=text):
            read_image(path)


def test_marks_are_described() -> None:
    nor = Nor(4 * SECTOR_BYTES, write_once_16=True)
    journal = opened(nor)
    while not journal.lost:
        journal.append(record.EVENT, bytes(100))
    path_records = firmware_sees(journal)
    loss = [payload for _, kind, payload in path_records if kind == record.LOSS][-1]
    words = Words().describe(Entry(0, 0, record.LOSS, 1, 1, loss))
    assert words == {"acked": 0, "boot": 1, "first": 1, "last": journal.lost}
