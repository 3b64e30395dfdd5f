"""Readings that a meter cannot have got to by metering never become its register."""

from lib.trust import FELL, JUMPED, Trust

RATING_W = 23000  # 100 A at 230 V
MINUTE_WH = RATING_W // 60
R = 4321900


def judged(trust, register, readings, age_s=60, start_s=1000):
    """What becomes of readings a minute apart: the register after each, None where it is held."""
    found = []
    since_s = age_s
    for place, reading in enumerate(readings):
        new = trust.judge(register, reading, start_s + 60 * place, since_s)
        found.append(new)
        if new is None:
            since_s = None if since_s is None else since_s + 60
        else:
            register, since_s = new, 60
    return found


def test_good_readings_pass():
    trust = Trust(RATING_W)
    assert judged(trust, R, [R, R, R + 380, R + 760]) == [R, R, R + 380, R + 760]
    assert trust.why is None
    assert trust.refused == 0


def test_zero_at_boot_is_held_until_the_register_is_back():
    trust = Trust(RATING_W)
    assert judged(trust, R, [0, 0, R + 20]) == [None, None, R + 20]
    assert trust.why is None
    assert trust.refused == 2


def test_a_zero_does_not_open_a_register_while_the_meter_boots():
    # Collector and meter get power together; the first two polls still read zero.
    trust = Trust(RATING_W)
    found = judged(trust, None, [0, 0, R, R + 10], start_s=5)
    assert found == [None, None, None, R + 10]


def test_a_new_meter_opens_at_zero():
    trust = Trust(RATING_W)
    found = judged(trust, None, [0] * 8, start_s=5)
    assert found[:5] == [None] * 5
    assert found[5:] == [0, 0, 0]


def test_one_reading_alone_opens_nothing():
    trust = Trust(RATING_W)
    assert judged(trust, None, [99 * R, R, R + 5]) == [None, None, R + 5]


def test_a_reset_meter_that_counts_up_again_is_not_taken_for_the_old_one():
    # 50 kWh on the register, somebody resets the meter: it passes the old register hours later.
    trust = Trust(RATING_W)
    register = 50000
    found = judged(trust, register, list(range(0, 60000, MINUTE_WH)))
    assert set(found) == {None}
    assert trust.why == FELL


def test_a_meter_that_fell_back_to_what_it_saved_may_count_its_way_up():
    trust = Trust(RATING_W)
    found = judged(trust, R, [R - 100, R - 50, R, R + 50])
    assert found == [None, None, R, R + 50]


def test_a_jump_is_held_and_stays_held():
    # Allowed is 1.25 times the rating, over the time since the last reading and two minutes.
    limit = RATING_W * 125 * 180 // 360000 + 1
    assert judged(Trust(RATING_W), R, [R + limit]) == [R + limit]
    trust = Trust(RATING_W)
    assert judged(trust, R, [R + limit + 1, R + 10]) == [None, R + 10]
    # A value that is too high by 100 kWh is within the allowance after four hours: still held.
    found = judged(Trust(RATING_W), R, [R + 100000 + 5 * n for n in range(600)])
    assert set(found) == {None}


def test_a_jump_that_comes_down_is_trusted_again():
    trust = Trust(RATING_W)
    found = judged(trust, R, [R + 100000] * 300 + [R + 900])
    assert found[-1] == R + 900
    assert trust.why is None
    assert trust.refused == 300


def test_a_zero_in_between_does_not_lift_a_jump():
    trust = Trust(RATING_W)
    found = judged(trust, R, [R + 100000] * 300 + [0] + [R + 100000] * 3)
    assert set(found) == {None}
    assert trust.why == JUMPED


def test_a_silent_meter_may_have_counted_meanwhile():
    # Ten hours of silence at 20 kW: allowed, because nobody looked for so long.
    assert judged(Trust(RATING_W), R, [R + 200000], age_s=36000) == [R + 200000]
    assert judged(Trust(RATING_W), R, [R + 200000], age_s=3600) == [None]


def test_without_a_clock_a_rise_waits():
    # What can have been metered since the boot is believed at once; more waits for the clock, and
    # is nothing to tell of meanwhile.
    trust = Trust(RATING_W)
    assert judged(trust, R, [R + 300, R + 350], age_s=None) == [R + 300, R + 350]
    trust = Trust(RATING_W)
    assert set(judged(trust, R, [R + 90000 + n for n in range(60)], age_s=None)) == {None}
    assert trust.why is None
    assert trust.judge(R, R + 90100, 5000, 20 * 3600) == R + 90100


def test_without_a_clock_for_a_day_it_may_have_been_a_year():
    year_wh = RATING_W * 125 * (366 * 86400 + 120) // 360000 + 1
    for rise, register in ((year_wh, R + year_wh), (year_wh + 1, None)):
        trust = Trust(RATING_W)
        assert trust.judge(R, R + rise, 86399, None) is None
        assert trust.judge(R, R + rise, 86400, None) == register


def test_a_register_that_starts_again_goes_on():
    # Six digits of kWh in hundredths: after 999 999.99 kWh comes 0.
    modulus = 10**9
    trust = Trust(RATING_W, 0, modulus)
    before = modulus - 100
    assert judged(trust, before, [modulus - 1, 40, 90]) == [
        modulus - 1,
        modulus + 40,
        modulus + 90,
    ]
    # And in its second round the same.
    trust = Trust(RATING_W, 0, modulus)
    assert judged(trust, modulus + 90, [100]) == [modulus + 100]


def test_a_register_that_can_start_again_may_not_fall_either():
    trust = Trust(RATING_W, 0, 10**9)
    assert judged(trust, R, [0, 5, R + 40]) == [None, None, R + 40]
    assert judged(Trust(RATING_W, 0, 10**9), 10**9 - 10**7, [100]) == [None]


def test_a_swapped_meter_continues_the_register():
    # Closed at 4 321 900 Wh, the new one opens at 12 Wh: no step.
    trust = Trust(RATING_W, R - 12)
    assert judged(trust, R, [12, 20, 380]) == [R, R + 8, R + 368]
    # A new one that had already counted more than the old one: the offset is negative.
    trust = Trust(RATING_W, R - 9000000)
    assert judged(trust, R, [9000000, 9000100]) == [R, R + 100]


def test_a_swapped_meter_nobody_told_of_is_held():
    for reading in (12, 9000000):
        trust = Trust(RATING_W)
        assert set(judged(trust, R, [reading + n for n in range(200)])) == {None}
