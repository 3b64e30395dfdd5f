"""The text of a message: a JSON object of integers, in which no key is there twice."""

import json
from typing import Any

_PAYLOAD_BYTES_MAX = 262_144


class MessageError(Exception):
    """The message breaks the contract; the text says how, in one line."""


def decode(payload: bytes) -> dict[str, Any]:
    """Its object; MessageError says what is wrong."""
    if len(payload) > _PAYLOAD_BYTES_MAX:
        raise MessageError(f"{len(payload)} bytes, {_PAYLOAD_BYTES_MAX} are allowed")
    try:
        data = json.loads(
            payload.decode(),
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
            object_pairs_hook=_unique,
        )
    except (ValueError, RecursionError) as error:
        raise MessageError(f"not JSON: {str(error)[:80]}") from error
    if not isinstance(data, dict):
        raise MessageError("not a JSON object")
    return data


def _no_fraction(literal: str) -> int:
    raise MessageError(f"{literal[:20]} is not an integer")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        raise MessageError("a key is there twice")
    return data
