"""Fetch `umqtt.simple`, MicroPython's own MQTT client, into .cache/umqtt. On the board it is part
of the firmware image or installed by `mip`.
"""

from package_index import fetch

REQUIREMENT = "micropython-umqtt.simple==1.3.4"
SHA256 = "b6a2520239e3992c63a7de9370ee9b3d9d27819a90359c521f1c0f7ccab8d12f"

if __name__ == "__main__":
    fetch(REQUIREMENT, SHA256, "umqtt")
