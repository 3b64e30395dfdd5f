"""What a MicroPython of one's own has in flash on every board: the firmware, with boot.py and
main.py, beside what a stock one has. README.md tells how to build it.
"""

include("$(PORT_DIR)/boards/manifest.py")
require("umqtt.simple")
freeze("../firmware")
