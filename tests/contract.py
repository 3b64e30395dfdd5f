"""What collector and head-end may say to one another, as tools/asyncapi.yaml has it.

What a collector says to Home Assistant is of another contract, tests/discovery.py has it.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError

from tests import discovery
from tools.headend import messages
from tools.headend.message_text import MessageError, decode

DOCUMENT = Path(__file__).parents[1] / "tools" / "asyncapi.yaml"
_COLLECTOR = "[a-z0-9-]{1,32}"
_TO_HEAD_END = ("status", "intervals", "events", "reply")


class Channel(NamedTuple):
    """A topic, and what may be said there, by the messages' names."""

    topic: re.Pattern[str]
    messages: dict[str, Draft7Validator]


@cache
def document() -> dict[str, Any]:
    """The contract as it is written."""
    return yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))


@cache
def channels() -> dict[str, Channel]:
    """By the last word of the topic; compiled once, since all that is ever said goes through."""
    whole = inlined(document(), document())
    return {
        word: Channel(
            re.compile(channel["address"].replace("{collector}", _COLLECTOR)),
            {
                name: Draft7Validator(message["payload"])
                for name, message in channel["messages"].items()
            },
        )
        for word, channel in whole["channels"].items()
    }


def problems(topic: str, payload: bytes) -> list[str]:
    """What is wrong with a message, in words; empty when nothing is."""
    if topic.startswith(discovery.PREFIX):
        return discovery.problems(topic, payload)
    word = topic.rpartition("/")[2]
    channel = channels().get(word)
    if channel is None or not channel.topic.fullmatch(topic):
        return [f"{topic}: no such channel"]
    try:
        data = decode(payload)
    except MessageError as error:
        return [f"{word}: {error}"]
    # Of several messages the one that was meant is the one that is least wrong.
    found = min(([*each.iter_errors(data)] for each in channel.messages.values()), key=len)
    told = [f"{word}{_place(error)}: {error.message}" for error in found]
    return told or _across_fields(topic, payload)


def inlined(node: Any, root: Mapping[str, Any]) -> Any:
    """A copy of `node` with what is referred to in the place of each reference; KeyError where
    there is no such thing."""
    if isinstance(node, list):
        return [inlined(each, root) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return inlined(referred(node["$ref"], root), root)
    return {key: inlined(value, root) for key, value in node.items()}


def referred(reference: str, root: Mapping[str, Any]) -> Any:
    """What a reference within the document names."""
    place: Any = root
    for key in reference.removeprefix("#/").split("/"):
        place = place[key]
    return place


def _across_fields(topic: str, payload: bytes) -> list[str]:
    """What no schema can say: columns of one length, and a stretch that holds what it covers."""
    word = topic.rpartition("/")[2]
    if word not in _TO_HEAD_END:
        return []
    try:
        messages.parse(topic, payload)
    except MessageError as error:
        return [f"{word}: {error}"]
    return []


def _place(error: ValidationError) -> str:
    return "".join(f"/{step}" for step in error.absolute_path)
