"""Pairs of name and value, as a person and as a program read them."""

import json


def line(as_json: bool, word: str, pairs: tuple) -> str:
    """A line, or a JSON object, of what `word` says it is."""
    if as_json:
        return '{"%s":%s}\r\n' % (word, "".join(members(pairs)))
    return "  %s\r\n" % " ".join(["%s=%s" % (name, shown(value)) for name, value in pairs])


def members(pairs: tuple):
    """The pieces of a JSON object."""
    separator = "{"
    for name, value in pairs:
        yield '%s"%s":%s' % (separator, name, json.dumps(value))
        separator = ","
    yield "{}" if separator == "{" else "}"


def shown(value) -> str:
    """A value, to a person."""
    if value is None:
        return "-"
    return ("yes" if value else "no") if type(value) is bool else str(value)
