"""Tells what became of a line: to a person in words, to a program as one JSON object."""

import json

import once
from console import rows
from drivers import terminal
from drivers.terminal import write

once.forget("console.rows")
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
        for piece in rows.members(detail or ()):
            await write(piece)
        await write("}\r\n")
    elif word and detail is not None:
        for name, value in detail:
            await write("  %s %s\r\n" % (name, rows.shown(name, value)))
        await write("done\r\n")
    if not visit.as_json:
        terminal.echo(b"locked> " if visit.is_locked else b"pulsekeep> ")
