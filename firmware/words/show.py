"""The stored configuration, without its secrets."""

import binascii
import gc

import once


async def run(visit, arguments: list) -> tuple:
    """A line for each setting that is not at its default; of a key or group, or of all. "is" and
    a digest (journal/identity.py): only whether that is the text's, which tells no secret.
    """
    place = visit.site.identity
    if arguments[:1] == ["is"]:
        return (("same", binascii.hexlify(place[1]).decode() in arguments[1:]),)
    wanted = arguments[0] if arguments else ""
    stored, problems = _read_back(place)
    gc.collect()
    from settings_table import table

    once.forget("settings_table")
    count = 0
    for key, kind, default, _ in table():
        value = stored.get(key, default)
        if wanted in ("all", key, key.split(".")[0]) or not wanted and value != default:
            count += 1
            await visit.row("setting", ((key, _shown(kind, value)),))
    if wanted and not count:
        raise ValueError("show: no key or group '%s'" % wanted[:32])
    return tuple([("problem", problem) for problem in problems])


def _read_back(place: list) -> tuple:
    """(what is set, what is wrong with it)."""
    from journal import identity
    from lib.jsontext import load_object

    once.forget("journal.identity")
    text, problems = identity.load(place)
    return load_object(text) or {}, problems


def _shown(kind: str, value):
    if kind == "secret":
        return "(set)" if value else "(not set)"
    return value if type(value) in (str, int, bool) else "(wrong)"
