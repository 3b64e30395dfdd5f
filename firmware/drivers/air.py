"""The networks that the Wi-Fi station hears."""

import network


def heard() -> list:
    """(name, dBm) of each, the strongest first; OSError while the station connects. Blocks for two
    seconds; counters count on. Whose name is no UTF-8 is left out.
    """
    wlan = network.WLAN(network.STA_IF)
    was_active = wlan.active()
    wlan.active(True)
    try:
        entries = wlan.scan()
    finally:
        wlan.active(was_active)  # drivers/wifi.py begins with a radio that is off
    found = []
    for entry in entries:
        try:
            found.append((-entry[3], entry[0].decode()))
        except UnicodeError:
            pass
    return [(name, -weakness) for weakness, name in sorted(found)]
