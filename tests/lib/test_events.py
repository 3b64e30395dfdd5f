"""Events as records and as words."""

from lib import events


def test_detail_comes_back_by_name_also_negative():
    payload = events.pack(events.METER_ANSWERS, 3, 1772409600, (17, 90))
    assert events.unpack(payload) == (
        3,
        1772409600,
        "meter_answers",
        (("address", 17), ("silent_s", 90)),
    )
    payload = events.pack(events.CLOCK_SET, 3, 1772409600, (-86400,))
    assert events.unpack(payload)[3] == (("moved_s", -86400),)
    for value in (0, -1, 1, 2**40, -(2**40)):
        assert events.unpack(events.pack(events.CLOCK_SET, 1, 1, (value,)))[3] == (
            ("moved_s", value),
        )


def test_unknown_time_is_none():
    assert events.unpack(events.pack(events.POWER_UP, 1, None, (1, 0)))[1] is None


def test_a_newer_firmwares_event_is_shown_by_number():
    # After a roll-back the journal may hold events that this firmware does not know: shown, not
    # dropped.
    boot, unix_s, word, detail = events.unpack(events.pack(200, 4, 1772409600, (1, 2)))
    assert (boot, unix_s, word, detail) == (4, 1772409600, "event_200", ())
