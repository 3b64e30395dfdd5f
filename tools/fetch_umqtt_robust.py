"""Fetch `umqtt.robust`, the client that connects again by itself, into .cache/umqtt_robust: the
bench measures it, and umqtt.simple, beside our uplink. Nothing else needs it.
"""

from package_index import fetch

REQUIREMENT = "micropython-umqtt.robust==1.0"
SHA256 = "22a1b8c8e1128281efb13b3020927d07e33c5b747869da2cd77d37983a9ea002"

if __name__ == "__main__":
    fetch(REQUIREMENT, SHA256, "umqtt", "umqtt_robust")
