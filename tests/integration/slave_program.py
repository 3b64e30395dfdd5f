"""A Modbus RTU slave that is none of ours: pymodbus on the terminal named in the arguments, with
an SDM630's energy.
"""

import sys

from pymodbus import FramerType
from pymodbus.server import StartSerialServer
from pymodbus.simulator import DataType, SimData, SimDevice

IMPORT_KWH, EXPORT_KWH = 4321.9, 1234.567


def main() -> None:
    """Serve until killed."""
    registers = [
        SimData(0, count=36, values=230.0, datatype=DataType.FLOAT32),
        SimData(72, values=[IMPORT_KWH, EXPORT_KWH], datatype=DataType.FLOAT32),
    ]
    StartSerialServer(
        SimDevice(1, registers), framer=FramerType.RTU, port=sys.argv[1], baudrate=9600
    )


if __name__ == "__main__":
    main()
