"""Which model of meter answers at an address. A step at a time: where the heap is small, the code
that asks and the code that tells have no room in it at once.
"""

import gc
import os

import once
from drivers.modbus import ModbusError
from lib import decode, words

once.forget("lib.words")

_FOLDERS = ("site", "profiles")  # as installation.py looks for them


async def run(visit, arguments: list) -> tuple:
    """A line for each profile: whether its registers answer, with values that can be. Several may
    fit: makers copy one another.
    """
    meter = visit.site.collector.meter
    if not meter:
        raise ValueError("identify: set meter.profile to any good one first: it opens the line")
    address = words.number(arguments[0]) if arguments else meter.address
    if address is None or not 1 <= address <= 247 or len(arguments) > 1:
        raise ValueError("identify: an address, from 1 to 247")
    fits = 0
    for name, path in _profiles():
        gc.collect()
        problem = await _problem(meter.master, address, path)
        fits += problem is None
        gc.collect()
        told = (("profile", name), ("fits", problem is None))
        await visit.row("model", told + ((("because", problem),) if problem else ()))
    return (("address", address), ("fit", fits))


def _profiles() -> list:
    """(name, path) of each; one in site/ hides the built-in one of its name."""
    found = {}
    for folder in _FOLDERS:
        try:
            files = os.listdir(folder)
        except OSError:
            continue
        for file in files:
            if file.endswith(".txt"):
                found.setdefault(file[:-4], folder + "/" + file)
    return sorted(found.items())


async def _problem(master, address: int, path: str) -> str | None:
    from lib import plausible, profile_sketch

    once.forget("lib.plausible")
    once.forget("lib.profile_sketch")
    try:
        with open(path) as file:
            rating_w, names, fields = profile_sketch.read(file)
    except (ValueError, IndexError, OSError):
        return "no good profile"
    is_known = address in master.slaves
    master.state(address).backoff_ms = 1  # of registers that they have not, some say nothing
    values = []
    try:
        for field in fields:
            count = decode.words(field[2])
            payload = await master.read(address, field[0], field[1], count)
            values.append(profile_sketch.value(field, payload))
    except ModbusError as error:
        return str(error)
    finally:
        if not is_known:
            master.slaves.pop(address)
    return plausible.problem(names, values, rating_w)
