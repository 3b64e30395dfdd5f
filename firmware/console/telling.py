"""Tells what became of a line: to a person in words, to a program as one JSON object."""

import json

import once
from drivers import terminal
from drivers.terminal import write

once.forget("drivers.terminal")


async def tell(visit, word: str, detail, problem: str | None) -> None:
    """`word` was done, and `detail` is pairs of name and value, or None where it has told all by
    itself; or what the `problem` is. Then a person is asked for the next line.
    """
    if problem:
        shown = '{"refused":%s}' % json.dumps(problem) if visit.as_json else problem
        await write(shown + "\r\n")
    elif word and visit.as_json:
        await write('{"done":%s,"detail":' % json.dumps(word))
        await _members(detail or ())
        await write("}\r\n")
    elif word and detail is not None:
        for name, value in detail:
            await write("  %s %s\r\n" % (name, _shown(value)))
        await write("done\r\n")
    if not visit.as_json:
        terminal.echo(b"locked> " if visit.is_locked else b"pulsekeep> ")


async def row(visit, word: str, pairs: tuple) -> None:
    """One of several things that a word tells, before it is done: `pairs` of name and value."""
    visit.rows += 1
    if visit.as_json:
        await write('{"%s":' % word)
        await _members(pairs)
        await write("}\r\n")
        return
    await write("  " + " ".join(["%s=%s" % (name, _shown(value)) for name, value in pairs]))
    await write("\r\n")


async def check(visit, name: str, problem: str | None) -> None:
    """One thing that was looked at; `problem`: what to do where it is not good."""
    told = (("check", name), ("ok", not problem))
    await row(visit, "check", told + ((("do", problem),) if problem else ()))


async def _members(pairs: tuple) -> None:
    separator = "{"
    for name, value in pairs:
        await write('%s"%s":%s' % (separator, name, json.dumps(value)))
        separator = ","
    await write("{}" if separator == "{" else "}")


def _shown(value) -> str:
    if value is None:
        return "-"
    return ("yes" if value else "no") if type(value) is bool else str(value)
