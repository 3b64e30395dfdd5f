"""A name server that knows every name, written from RFC 1035: each name has an address of its own
(TEST-NET-2, RFC 5737), behind an alias, as names of large services are.
"""

import struct

_A, _CNAME, _IN = 1, 5, 1
_POINTER_TO_QUESTION = b"\xc0\x0c"


class NameServer:
    """Answers questions for IPv4 addresses; `host_of` turns an address back into the name."""

    def __init__(self) -> None:
        self._names: list[str] = []

    def answer(self, datagram: bytes, is_neighbours: bool = False) -> bytes | None:
        """What is sent back; None to what is no question. Names in .local are not the server's,
        but its neighbours' own (RFC 6762).
        """
        if len(datagram) < 17 or datagram[2] & 0x80:
            return None
        labels, place = [], 12
        while datagram[place]:
            size = datagram[place]
            labels.append(datagram[place + 1 : place + 1 + size].decode())
            place += 1 + size
        end = place + 5
        if struct.unpack_from("!HH", datagram, place + 1) != (_A, _IN):
            return None
        name = ".".join(labels)
        if name.endswith(".local") != is_neighbours:
            return None
        alias = b"\x03www" + _POINTER_TO_QUESTION
        head = datagram[:2] + b"\x81\x80\x00\x01\x00\x02\x00\x00\x00\x00"
        address = bytes(int(part) for part in self.address_of(name).split("."))
        records = _record(_POINTER_TO_QUESTION, _CNAME, alias) + _record(alias, _A, address)
        return head + datagram[12:end] + records

    def address_of(self, host: str) -> str:
        """Always the same for one name."""
        if host not in self._names:
            self._names.append(host)
        return f"198.51.100.{self._names.index(host) + 1}"

    def host_of(self, address: str) -> str:
        """The name that was given this address; what is no address of ours is itself."""
        place = address.removeprefix("198.51.100.")
        return self._names[int(place) - 1] if place != address else address


def _record(name: bytes, kind: int, data: bytes) -> bytes:
    return name + struct.pack("!HHIH", kind, _IN, 0xFFFFFFFF, len(data)) + data
