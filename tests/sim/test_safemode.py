"""Safe mode counts the boots that ended badly, in RTC memory that checks nothing itself."""

from pathlib import Path

from tests.drivers.chip import simulation

BOOTS = """
import machine
import safemode
safemode.count_boot()
print(safemode.entered(), machine.RTC().memory()[5:])
"""


def consoles(vm: str, folder: Path, program: str, memory: bytes) -> list[str]:
    """What each life of the program printed, when it finds `memory`."""
    chip = simulation(vm, program, folder, 400)
    chip.chip.rtc_memory = memory
    chip.run()
    return [life.console.strip() for life in chip.collector.lives]


def test_it_is_entered_when_boot_after_boot_fails(vm: str, tmp_path: Path) -> None:
    # Five bad boots are forgiven. What lies behind the count is another's, and stays.
    program = BOOTS + "if not safemode.entered():\n    machine.reset()\n"
    told = consoles(vm, tmp_path, program, b"\0\0\0\0\0record")
    assert len(told) == 6
    assert told[-1] == "True b'record'"


def test_a_firmware_that_is_well_is_forgiven_all(vm: str, tmp_path: Path) -> None:
    program = (
        BOOTS + "if machine.reset_cause() == 1:\n    machine.reset()\nsafemode.forget_boots()\n"
    )
    program += "safemode.count_boot()\nprint(machine.RTC().memory()[3])\n"
    assert consoles(vm, tmp_path, program, b"")[-1].split()[-1] == "1"


def test_a_flipped_bit_does_not_lock_the_firmware_out(vm: str, tmp_path: Path) -> None:
    # 3 becomes 131: that is not a count, and counting begins anew.
    program = BOOTS + "print(machine.RTC().memory()[3])\n"
    for memory in (b"PKB\x83\xfc", b"PKB\x03\x7c", b"PKA\xff\x00", b"PKB\xff"):
        assert consoles(vm, tmp_path, program, memory) == ["False b''\n1"]
