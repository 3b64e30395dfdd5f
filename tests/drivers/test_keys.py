"""What is typed at the serial port, and what is written to it, on a simulated chip."""

from pathlib import Path

from tests.drivers.chip import simulation

SECOND_US = 1_000_000
LONG = "0123456789" * 20  # more than the UART takes at once
PROGRAM = f"""
import asyncio
from drivers import keys, terminal

async def main():
    typed = keys.Keys(keys.reader())
    told = [await typed.first()]
    byte = typed.next()
    while byte >= 0:
        told.append(byte)
        byte = typed.next()
    terminal.echo(b"heard ")
    await terminal.write("%s {LONG}" % told)

asyncio.run(main())
"""


def test_keys_are_taken_as_they_come_and_a_text_is_written_whole(vm: str, tmp_path: Path) -> None:
    chip = simulation(vm, PROGRAM, tmp_path, seconds=3)
    chip.world.at(SECOND_US, lambda: chip.terminal.type("a\r"))
    chip.run()
    assert chip.terminal.text == f"heard [97, 13] {LONG}"
