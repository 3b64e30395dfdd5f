"""Settings that wait for a restart: whole, or not at all."""

from lib import parked

MEMORY = bytes(range(35))


def test_it_comes_back():
    for key, value in (
        ("water.pulse_num", 5),
        ("mqtt.tls", True),
        ("wifi.ssid", 'caf\u00e9 "1"'),
        ("mqtt.password", ""),
    ):
        memory = parked.behind(MEMORY, {key: value}, 2)
        assert memory[:35] == MEMORY
        assert parked.read(memory) == ({key: value}, 2)


def test_the_longest_that_a_command_can_bring():
    value = "\u00e9" * 90
    memory = parked.behind(MEMORY, {"wifi.password": value}, 1)
    assert parked.read(memory) == ({"wifi.password": value}, 1)


def test_several_wait_together():
    settings = {"water.pulse_num": 5, "wifi.ssid": '"' * 32, "mqtt.tls": False}
    assert parked.read(parked.behind(MEMORY, settings, 1)) == (settings, 1)


def test_none_waits_where_nothing_was_put():
    for memory in (b"", b"PKB\x01\xfe", MEMORY, MEMORY + bytes(4), MEMORY + bytes(20)):
        assert parked.read(memory) == ()


def test_a_flipped_bit_or_a_lost_end_is_as_none():
    whole = parked.behind(MEMORY, {"interval_s": 900}, 1)
    for place in range(35, len(whole)):
        bad = bytearray(whole)
        bad[place] ^= 4
        assert parked.read(bytes(bad)) == (), place
    for length in range(len(whole)):
        assert parked.read(whole[:length]) == (), length


def test_a_second_one_does_not_push_out_the_first():
    memory = parked.behind(MEMORY, {"interval_s": 900}, 1)
    refusal = ""
    try:
        parked.behind(memory, {"interval_s": 3600}, 2)
    except ValueError as error:
        refusal = str(error)
    assert "waits for the restart" in refusal
    assert parked.read(memory) == ({"interval_s": 900}, 1)
