"""What is wrong on a line or with a port is told, each by its own words."""

import errno
import os
import select
import threading
from collections.abc import Callable

import pytest
import serial

from host_sim.models.modbus_slave import ModbusSlave
from tests.tools.scan_run import FEW, SETTINGS, Scripted, line_of, scan, slave

DEADLINE_S = 20
VOLTAGES = {(4, 0): [0x4366, 0x3333]}


class Spoiled(ModbusSlave):
    """One bit of an answer is wrong where `spoils`, given the number of the answer, says so."""

    def __init__(self, address: int, spoils: Callable[[int], bool]) -> None:
        super().__init__(address, Scripted(VOLTAGES), settings=SETTINGS)
        self._spoils = spoils
        self._answers = 0

    def answer(self, frame: bytes, t_us: int) -> bytes | None:
        reply = super().answer(frame, t_us)
        if reply is None:
            return None
        self._answers += 1
        return reply[:-3] + bytes([reply[-3] ^ 4]) + reply[-2:] if self._is_bad() else reply

    def _is_bad(self) -> bool:
        return self._spoils(self._answers)


def test_an_exception_is_an_answer() -> None:
    registers = Scripted({})
    with line_of(slave(3, registers)) as terminal:
        found = scan(terminal.path, *FEW, "--addresses", "1-4")
    assert (found.status, list(found.meters)) == (0, [3])
    assert found.meters[3]["fits"] == []
    assert registers.functions == {3, 4}  # nothing but reading was asked for


def test_two_meters_on_one_address_are_told() -> None:
    one, other = Scripted(VOLTAGES), Scripted({(4, 0): [0x4367, 0x1234]})
    with line_of(slave(5, one), slave(5, other)) as terminal:
        found = scan(terminal.path, *FEW, "--addresses", "4-6")
    assert (found.status, found.meters) == (1, {})
    assert "something answers at address 5 at 9600 8N1, but damaged: two meters" in found.errors
    assert found.errors.count("damaged") == 1
    assert "No meter answered" not in found.errors


@pytest.mark.parametrize("turnaround_us", [16_000, 30_000])
def test_two_meters_that_answer_one_after_the_other_are_not_steady(turnaround_us: int) -> None:
    one, other = slave(5, Scripted(VOLTAGES)), slave(5, Scripted(VOLTAGES), turnaround_us)
    with line_of(one, other) as terminal:
        found = scan(terminal.path, *FEW, "--addresses", "5")
    assert list(found.meters) == [5]
    assert not found.meters[5]["steady"]
    assert "two meters on this address" in found.meters[5]["notes"][0]


def test_a_meter_whose_every_answer_is_damaged_is_told() -> None:
    with line_of(Spoiled(2, lambda n: True)) as terminal:
        found = scan(terminal.path, *FEW, "--addresses", "1-3")
    assert found.status == 1
    assert "address 2 at 9600 8N1, but damaged" in found.errors


def test_a_meter_with_some_damaged_answers_is_found_and_not_steady() -> None:
    with line_of(Spoiled(2, lambda n: n % 2 == 1)) as terminal:
        found = scan(terminal.path, *FEW, "--addresses", "1-3")
    assert list(found.meters) == [2]
    assert not found.meters[2]["steady"]
    assert found.meters[2]["crc_errors"] > 0
    assert "but damaged" not in found.errors


def test_damage_that_another_parity_explains_is_not_told() -> None:
    even = ModbusSlave(2, Scripted(VOLTAGES), settings=SETTINGS._replace(parity="E"))
    with line_of(Spoiled(2, lambda n: True), even) as terminal:
        found = scan(terminal.path, "--baud", "9600", "--format", "8N1,8E1", "--addresses", "2")
    assert found.meters[2]["parity"] == "E"
    assert "damaged" not in found.errors


def test_a_meter_slower_than_the_search_is_found_where_it_is() -> None:
    # Its answer comes when the next address is being asked.
    with line_of(slave(5, Scripted(VOLTAGES), 160_000)) as terminal:
        found = scan(terminal.path, *FEW, "--addresses", "4-7", "--patience-ms", "100")
    assert list(found.meters) == [5]
    assert "damaged" not in found.errors


def test_the_general_address_of_a_pzem_is_told_as_such() -> None:
    general = slave(247, Scripted(VOLTAGES))
    general.address = 248
    with line_of(general) as terminal:
        found = scan(terminal.path, *FEW, "--addresses", "248")
    assert "248 is the general address of all PZEM" in found.meters[248]["notes"][0]


def test_who_hears_another_speed_or_parity_is_not_found() -> None:
    with line_of(slave(1, Scripted(VOLTAGES))) as terminal:
        for options in (("2400", "8N1"), ("9600", "8E1"), ("9600", "8O1")):
            line = ("--baud", options[0], "--format", options[1])
            assert scan(terminal.path, *line, "--addresses", "1").status == 1
        assert scan(terminal.path, *FEW, "--addresses", "1").status == 0


def test_nothing_found_says_what_to_look_at() -> None:
    with line_of() as terminal:
        found = scan(terminal.path, *FEW, "--addresses", "1-3")
    assert (found.status, found.meters) == (1, {})
    for word in ("No meter answered", "swap the two wires", "120 ohm", "1 to 3", "at 9600 8N1"):
        assert word in found.errors


def test_a_port_that_is_not_there(tmp_path) -> None:
    found = scan(str(tmp_path / "ttyUSB9"))
    assert found.status == 1
    assert "ttyUSB9: there is no such port; is the adapter plugged in?" in found.errors
    assert "Traceback" not in found.errors


def test_a_port_that_is_none(tmp_path) -> None:
    (tmp_path / "file").write_text("")
    assert "no serial port" in scan(str(tmp_path / "file")).errors
    assert scan(str(tmp_path)).status == 1


def test_a_port_that_is_taken() -> None:
    with line_of() as terminal, serial.Serial(terminal.path, exclusive=True):
        found = scan(terminal.path)
    assert found.status == 1
    assert "another program is using it" in found.errors


def test_a_port_that_is_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    # Tests may run as root, to whom no port is forbidden.
    def refuse(*_: object, **__: object) -> None:
        raise serial.SerialException(errno.EACCES, "could not open port")

    monkeypatch.setattr(serial, "Serial", refuse)
    found = scan("/dev/ttyUSB0")
    assert found.status == 1
    assert "dialout" in found.errors


def test_an_adapter_that_is_pulled_out() -> None:
    ours, theirs = os.openpty()

    def pull() -> None:
        select.select([ours], [], [], DEADLINE_S)  # the first request
        os.close(ours)

    thread = threading.Thread(target=pull, daemon=True)
    thread.start()
    found = scan(os.ttyname(theirs))
    thread.join()
    os.close(theirs)
    assert found.status == 1
    assert "is gone: was the adapter pulled out?" in found.errors
