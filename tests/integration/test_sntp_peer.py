"""lib.sntp against ntplib, a peer: each reads what the other writes."""

import random
import struct

import ntplib

from lib import sntp

ERA_END_UNIX_S = 2_085_978_496  # 2036-02-07 06:28:16 UTC


def server_says(question: bytes, unix_s: float) -> bytes:
    """The answer of a server of ntplib's."""
    packet = ntplib.NTPPacket(version=4, mode=4)
    packet.stratum = 1
    packet.orig_timestamp = 0
    packet.tx_timestamp = ntplib.system_to_ntp_time(unix_s)
    answer = bytearray(packet.to_data())
    answer[24:32] = question[40:48]
    return bytes(answer)


def test_the_peer_takes_our_question_for_one() -> None:
    asked = ntplib.NTPPacket()
    asked.from_data(sntp.question(1))
    assert (asked.leap, asked.version, asked.mode) == (0, 4, 3)
    assert asked.tx_timestamp != 0


def test_we_read_the_time_that_the_peer_tells() -> None:
    # Any time until the era ends (ntplib has but one), to the millisecond that was begun.
    seed = random.randrange(1 << 32)
    print("seed", seed)
    rng = random.Random(seed)
    for _ in range(2000):
        question = sntp.question(rng.randrange(1 << 30))
        unix_s = rng.uniform(0, ERA_END_UNIX_S)
        answer = server_says(question, unix_s)
        told_s, fraction = struct.unpack("!II", answer[40:48])
        expected_ms = (told_s - 2_208_988_800) * 1000 + (fraction * 1000 >> 32)
        told_ms = sntp.unix_ms(question, answer)
        assert isinstance(told_ms, int)
        assert 0 <= expected_ms - told_ms <= 1
        assert abs(told_ms - unix_s * 1000) < 2
