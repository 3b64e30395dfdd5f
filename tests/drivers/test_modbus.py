"""The Modbus master at a wire in virtual time: near its speed, and silent when it must be."""

from tests.drivers.meter import TURNAROUND_US, bench, counters, framed, good, read, run, saying
from tests.drivers.wire import CLOCK, Pin, asyncio, modbus

BOTH_VMS = True
HEAP_KIB = 1024  # the scripted line takes more than the driver


def test_values_and_counters():
    master, uart = bench({1: good})
    assert read(master) == [72, 73]
    assert read(master, 1, 0, 20) == list(range(20))
    assert counters(master) == (2, 2, 0, 0, 0)
    assert uart.sent[0][2] == bytes.fromhex("010400480002f1dd")


def test_speed_with_the_silence_kept():
    # A slave as fast as allowed: at 9600 bit/s, ten registers, the line is used to 95 %.
    for baud_bps, count, wire_us in ((9600, 10, 41667), (19200, 40, 52083)):
        gap_us = 35000000 // baud_bps + 1
        master, uart = bench({1: saying(gap_us)}, baud_bps)
        begin_us = CLOCK.now_us
        for _ in range(200):
            assert len(read(master, 1, 0, count)) == count
        used = 200 * wire_us * 100 // (CLOCK.now_us - begin_us)
        assert used >= 95, (baud_bps, used)
        assert uart.shortest_gap_us >= gap_us - 1


def test_nobody_is_blocked():
    # Below 4800 bit/s a request alone is on the wire for longer than a task may be blocked.
    for baud_bps in (1200, 2400, 4800, 9600, 115200):
        CLOCK.longest_block_us = 0
        master, uart = bench({1: good}, baud_bps, de=Pin(CLOCK))
        assert read(master, 1, 0, 10) == list(range(10))
        assert read(master, 1, 0, 10) == list(range(10))
        assert CLOCK.longest_block_us < 11000, (baud_bps, CLOCK.longest_block_us)


def test_direction_pin_is_high_exactly_while_sending():
    for baud_bps in (1200, 9600, 115200):
        pin = Pin(CLOCK)
        master, uart = bench({1: good}, baud_bps, de=pin)
        read(master)
        begin_us, end_us, _ = uart.sent[0]
        assert pin.changes == [(begin_us, 1), (end_us, 0)]


def test_direction_pin_falls_when_the_task_is_cancelled():
    pin = Pin(CLOCK)
    master, uart = bench({1: good}, 1200, de=pin)

    async def cancelled():
        task = asyncio.create_task(master.read(1, 4, 0, 2))
        await asyncio.sleep_ms(50)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            return pin.changes[-1][1]

    assert run(cancelled()) == 0
    assert read(master) == [72, 73]


def test_refusal_is_no_silence():
    master, uart = bench({1: lambda request: [(TURNAROUND_US, framed(b"\x01\x84\x02"))]})
    error = read(master)
    assert isinstance(error, modbus.ModbusException)
    assert error.code == 2
    assert str(error) == "slave 1 refused: illegal register (2)"
    assert counters(master) == (1, 0, 1, 0, 0)
    assert len(uart.sent) == 1
    assert not isinstance(read(master), modbus.ModbusBackOff)


def test_dead_slave_costs_one_timeout_per_rest():
    master, uart = bench({2: good}, retries=2, backoff_ms=1000, backoff_limit_ms=8000)
    assert str(read(master, 1)) == "slave 1 does not answer"
    assert len(uart.sent) == 3
    begin_us = rests_since_us = CLOCK.now_us
    tries = []
    while CLOCK.now_us < begin_us + 60000000:
        sent = len(uart.sent)
        asked_us = CLOCK.now_us
        error = read(master, 1)
        assert isinstance(error, modbus.ModbusTimeout)
        if len(uart.sent) > sent:
            assert len(uart.sent) == sent + 1
            tries.append((asked_us - rests_since_us) // 1000000)
            rests_since_us = CLOCK.now_us
        else:
            assert isinstance(error, modbus.ModbusBackOff)
            assert CLOCK.now_us == asked_us
        # Its neighbour does not notice.
        asked_us = CLOCK.now_us
        assert read(master, 2) == [72, 73]
        assert CLOCK.now_us - asked_us < 40000
        CLOCK.now_us += 50000
    assert tries == [1, 2, 4, 8, 8, 8, 8, 8, 8]
    assert counters(master, 2)[3:] == (0, 0)


def test_slave_that_comes_back_is_trusted_at_once():
    slaves = {}
    master, uart = bench(slaves)
    read(master)
    slaves[1] = good
    CLOCK.now_us += 2000000
    assert read(master) == [72, 73]
    assert master.state(1).backoff_ms == 0
    assert counters(master) == (4, 1, 0, 3, 0)


def test_first_read_after_days_waits_for_nothing():
    # Ticks in microseconds wrap every 18 minutes, in milliseconds every 12 days.
    master, uart = bench({1: good})
    read(master)
    for idle_s in (100, 536, 600, 1000, 1073, 86400, 7 * 86400):
        CLOCK.now_us += idle_s * 1000000
        begin_us = CLOCK.now_us
        assert read(master) == [72, 73]
        assert CLOCK.now_us - begin_us < 35000, idle_s


def test_two_tasks_take_turns():
    master, uart = bench({1: good, 2: good})
    results = []

    async def reader(slave):
        for register in range(3):
            data = await master.read(slave, 4, register, 1)
            results.append((slave, data[0] << 8 | data[1]))

    async def both():
        await asyncio.gather(reader(1), reader(2))

    run(both())
    assert sorted(results) == [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2)]
    assert uart.shortest_gap_us >= 3646
    assert counters(master, 1) == counters(master, 2) == (3, 3, 0, 0, 0)


def test_wrong_call_sends_nothing():
    master, uart = bench({1: good})

    async def wrong():
        try:
            await master.read(1, 6, 0, 1)
        except ValueError:
            return True

    assert run(wrong())
    assert uart.sent == []
    assert read(master) == [72, 73]
