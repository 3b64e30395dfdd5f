"""What can be said."""

import once
from drivers import terminal

once.forget("drivers.terminal")

_FILE = "help.txt"


async def run(visit, arguments: list) -> None:
    """All words with what they do, or one of them."""
    found = 0
    with open(_FILE) as lines:
        for line in lines:
            if not arguments or line.split(" ", 1)[0] == arguments[0]:
                found += 1
                await _tell(visit, line)
    if not found:
        raise ValueError("'%s': there is no such word" % arguments[0][:20])


async def _tell(visit, line: str) -> None:
    if not visit.as_json:
        await terminal.write("  " + line.rstrip() + "\r\n")
        return
    told = line.strip()
    usage, does = told[:28].strip(), told[28:]
    await visit.row("help", (("usage", usage), ("does", does)))
