"""Pairs of name and value, as a person and as a program read them."""

import json

import once

_MOMENTS = ("time", "until")  # unix seconds, which a person reads as a date


def line(as_json: bool, word: str, pairs: tuple) -> str:
    """A line, or a JSON object, of what `word` says it is."""
    if as_json:
        return '{"%s":%s}\r\n' % (word, "".join(members(pairs)))
    return "  %s\r\n" % " ".join([name + "=" + shown(name, value) for name, value in pairs])


def members(pairs: tuple):
    """The pieces of a JSON object."""
    separator = "{"
    for name, value in pairs:
        yield '%s"%s":%s' % (separator, name, json.dumps(value))
        separator = ","
    yield "{}" if separator == "{" else "}"


def shown(name: str, value) -> str:
    """A value, to a person."""
    if value is None:
        return "-"
    if type(value) is bool:
        return "yes" if value else "no"
    return _utc(value) if name in _MOMENTS and type(value) is int else str(value)


def _utc(unix_s: int) -> str:
    from lib import dates

    once.forget("lib.dates")
    return "%d-%02d-%02dT%02d:%02d:%02dZ" % dates.utc(unix_s)
