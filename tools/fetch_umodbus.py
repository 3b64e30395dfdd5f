"""Fetch `umodbus`, the Modbus library that most MicroPython programs use, into .cache/umodbus: the
bench measures it beside our driver. Nothing else needs it.
"""

from package_index import fetch

REQUIREMENT = "micropython-modbus==2.3.7"
SHA256 = "b9351a66af0ff29dd585900e53827a989dedcb02ec63b1041358165089652271"

if __name__ == "__main__":
    fetch(REQUIREMENT, SHA256, "umodbus")
