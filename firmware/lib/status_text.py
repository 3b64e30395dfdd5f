"""The texts of the topic `status`. Needed for a moment after each connect, and every six hours:
see once.py.
"""

from lib.jsontext import JsonWriter


def birth(
    out: JsonWriter, boot: int, unix_s: int | None, firmware: str, board: str, figures: tuple = ()
) -> memoryview:
    """Retained text of `status` after connecting, valid until `out` is used again; `figures`:
    pairs of further key and integer.
    """
    out.clear()
    out.put('{"v":1,"state":"online","boot":%d,"time":' % boot)
    out.number(unix_s)
    out.put(',"firmware":')
    out.string(firmware)
    out.put(',"board":')
    out.string(board)
    for key, value in figures:
        out.put(",")
        out.pair(key, value)
    out.put("}")
    return out.text()


def will(boot: int) -> bytes:
    """Last will: what the broker says in `status` when the connection dies."""
    return b'{"v":1,"state":"offline","boot":%d}' % boot
