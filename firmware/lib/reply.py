"""The reply to a command of the head-end (lib/command.py), as a text."""

from lib.jsontext import JsonWriter


def done(out: JsonWriter, boot: int, number: int, word: str, detail: tuple) -> None:
    """Write that a command has been carried out; detail: pairs of key, and integer or None."""
    out.put('{"v":1,"boot":%d,"id":%d,"done":' % (boot, number))
    out.string(word)
    out.put(',"detail":')
    separator = "{"
    for key, value in detail:
        out.put(separator)
        out.pair(key, value)
        separator = ","
    out.put("{}}" if separator == "{" else "}}")
    out.text()


def refused(out: JsonWriter, boot: int, number: int, why: str) -> None:
    """Write that it has not."""
    out.put('{"v":1,"boot":%d,"id":%d,"refused":' % (boot, number))
    out.string(why)
    out.put("}")
    out.text()
