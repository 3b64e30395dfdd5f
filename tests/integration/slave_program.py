"""A Modbus RTU slave that is none of ours: pymodbus on a terminal.

    python slave_program.py TERMINAL REGISTERS

REGISTERS: JSON, a list of [first register, words]; both register functions read the same.
"""

import json
import sys

from pymodbus import FramerType
from pymodbus.server import StartSerialServer
from pymodbus.simulator import DataType, SimData, SimDevice


def main() -> None:
    """Serve until killed."""
    registers = [
        SimData(first, values=words, datatype=DataType.REGISTERS)
        for first, words in json.loads(sys.argv[2])
    ]
    StartSerialServer(
        SimDevice(1, registers), framer=FramerType.RTU, port=sys.argv[1], baudrate=9600
    )


if __name__ == "__main__":
    main()
