"""The city's tariff as it arrives, to be changed by a test."""

import json

FILE = __file__.rsplit("tests/", 1)[0] + "firmware/tariffs/e1_tou.json"


def message(**changes):
    """The tariff's object with some keys changed; None takes one away."""
    with open(FILE) as file:
        data = json.load(file)
    for key, value in changes.items():
        if value is None:
            del data[key]
        else:
            data[key] = value
    return data
