"""What a channel counted in each period: together always what its register says."""

import random

from lib.period_registers import PeriodRegisters


def test_sum_of_periods_is_the_register():
    dice = random.Random(5) if hasattr(random, "Random") else random
    registers = PeriodRegisters(4321900)
    register, by_period = 4321900, [0] * 8
    for _ in range(500):
        delta, period = dice.getrandbits(14), dice.getrandbits(3)
        assert not registers.add(delta, period)
        register += delta
        by_period[period] += delta
        assert registers.register() == register
    assert registers.totals == by_period


def test_without_the_time_the_last_period_goes_on():
    registers = PeriodRegisters(0)
    # Before any period is known it is the first, and that is told as well.
    assert registers.add(5, None) is True
    assert registers.add(70, 2) is False
    assert registers.add(7, None) is True
    assert registers.totals[:3] == [5, 0, 77]
    assert registers.period == 2


def test_goes_on_after_a_boot():
    registers = PeriodRegisters(100, [5, 0, 77, 0, 0, 0, 0, 0], 2)
    registers.add(3, None)
    assert registers.totals[2] == 80
    assert registers.register() == 185


def test_registers_beyond_32_bits():
    registers = PeriodRegisters(10**15)
    registers.add(2**40, 7)
    registers.add(1, 7)
    assert registers.register() == 10**15 + 2**40 + 1


def test_what_cannot_be_is_refused_and_counts_nothing():
    registers = PeriodRegisters(100)
    for delta, period in ((-1, 0), (5, -1), (5, 8)):
        try:
            registers.add(delta, period)
        except ValueError:
            assert registers.register() == 100
            assert registers.period == 0
            continue
        raise AssertionError((delta, period))
