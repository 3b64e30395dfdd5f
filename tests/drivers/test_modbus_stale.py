"""An answer does not say which register it is of: one that belongs to an earlier request must
never meet the next, though slave, function and count are the same.
"""

from tests.drivers.meter import TURNAROUND_US, answer, bench, counters, first_then_good, read
from tests.drivers.wire import CLOCK, modbus

BOTH_VMS = True
HEAP_KIB = 1024  # the scripted line takes more than the driver


def test_late_answer_is_not_taken_for_the_next():
    # The slave answers after the master has given up: the answer to another register must wait
    # out its rest, and what came meanwhile is dropped.
    def late(request):
        return [(400000, answer(request, 1000))]

    master, uart = bench({1: first_then_good(late)}, retries=0)
    assert isinstance(read(master), modbus.ModbusTimeout)
    assert isinstance(read(master, 1, 0), modbus.ModbusBackOff)
    CLOCK.now_us += 1100000
    assert read(master, 1, 0) == [0, 1]


def test_late_answer_does_not_leave_the_retry_s_for_the_next():
    # The first answer comes just after the retry has been sent. Were it taken, the retry's own
    # would be on its way when another register is asked for.
    master, uart = bench({1: first_then_good(lambda request: [(345000, answer(request, 7))])})
    assert read(master) == [72, 73]
    assert read(master, 1, 0) == [0, 1]
    assert counters(master) == (3, 2, 0, 1, 0)


def test_slave_that_is_always_late_is_never_believed():
    # Every answer comes after its time. The master that took them would be one register behind,
    # for ever; this one says that nobody answers.
    for delay_ms in (330, 400, 500, 590):
        slaves = {1: lambda request, ms=delay_ms: [(1000 * ms, answer(request))]}
        master, uart = bench(slaves)
        for register in (72, 0, 10, 20, 30, 40):
            words = read(master, 1, register)
            assert isinstance(words, modbus.ModbusTimeout), (delay_ms, register, words)
            CLOCK.now_us += 61000000
        # Given the time it needs, it is a good slave.
        patient, uart = bench(slaves, timeout_ms=delay_ms + 10)
        assert read(patient, 1, 10) == [10, 11]


def test_late_answer_of_another_slave():
    # Both are asked for the same registers; the dead-slow one speaks while the other is asked.
    def slow(request):
        return [(395000, answer(request, 100))]

    master, uart = bench({1: slow, 2: lambda request: [(60000, answer(request))]}, retries=0)
    assert isinstance(read(master, 1), modbus.ModbusTimeout)
    assert read(master, 2) == [72, 73]


def test_doubled_answer():
    def double(request):
        return [(TURNAROUND_US, answer(request, 5)), (30000, answer(request, 5))]

    master, uart = bench({1: first_then_good(double)})
    assert read(master) == [77, 78]
    CLOCK.now_us += 18000
    # In the middle of the second copy: wait until the line is silent, then ask.
    assert read(master, 1, 0) == [0, 1]
    assert uart.shortest_gap_us >= 3646


def test_copies_on_end():
    # The copies follow without a pause and the next request is due at once.
    for copies in (2, 3, 8):
        slave = first_then_good(
            lambda request, n=copies: [(TURNAROUND_US, n * answer(request, 5))]
        )
        master, uart = bench({1: slave})
        assert read(master) == [77, 78]
        assert read(master, 1, 0) == [0, 1]
        assert uart.shortest_gap_us >= 3646
        assert counters(master) == (2, 2, 0, 0, 0)


def test_slave_that_is_very_late_gives_right_words_or_none():
    # Up to a timeout and the shortest rest, 1300 ms: more than the driver promises. Its requests
    # come at equal distances, so that an answer nobody waited for falls into a pause.
    for delay_ms in range(200, 1300, 25):
        slaves = {1: lambda request, ms=delay_ms: [(1000 * ms, answer(request))]}
        master, uart = bench(slaves)
        for register in range(0, 200, 10):
            words = read(master, 1, register)
            if isinstance(words, modbus.ModbusTimeout):
                CLOCK.now_us += 100000
            else:
                assert words == [register, register + 1], (delay_ms, register)
