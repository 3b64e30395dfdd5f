"""The reply to a command of the head-end (lib/command.py), as a text."""

from lib.jsontext import JsonWriter


def write(out: JsonWriter, boot: int, number: int, word: str | None, told) -> None:
    """Write what became of the command: `word` was done, and `told` is pairs of key, and integer
    or None; or, without a word, why it was refused.
    """
    out.put('{"v":1,"boot":%d,"id":%d,' % (boot, number))
    if word is None:
        out.pair("refused", told)
        out.put("}")
    else:
        out.pair("done", word)
        out.put(',"detail":')
        separator = "{"
        for key, value in told:
            out.put(separator)
            out.pair(key, value)
            separator = ","
        out.put("{}}" if separator == "{" else "}}")
    out.text()
