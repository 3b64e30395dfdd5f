"""The contract is a document that tools can read, and it describes what there is."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft7Validator

from tests import contract
from tools.config import table

from lib import event_words, events  # isort: skip

DOCUMENT = contract.document()
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
MESSAGES: dict[str, Any] = DOCUMENT["components"]["messages"]
# What AsyncAPI 3.0.0 has at these places, as far as it is used here.
FIELDS = {
    "document": {"asyncapi", "info", "defaultContentType", "channels", "operations", "components"},
    "info": {"title", "version", "license", "description"},
    "channel": {"address", "description", "parameters", "messages"},
    "operation": {"action", "channel", "summary", "bindings"},
    "message": {"summary", "payload", "examples"},
    "example": {"name", "summary", "payload"},
    "components": {"parameters", "messages", "schemas"},
}
FROM_HEAD_END = {"ack", "time", "tariff", "command"}


def references(node: Any) -> Iterator[str]:
    """Every reference in a part of the document."""
    if isinstance(node, list):
        for each in node:
            yield from references(each)
    elif isinstance(node, dict):
        if "$ref" in node:
            assert set(node) == {"$ref"}, f"what stands beside a reference is not read: {node}"
            yield node["$ref"]
        for value in node.values():
            yield from references(value)


def declared() -> dict[int, tuple[str, list[str]]]:
    """What the firmware says of its events: by number, the word and the names of the integers."""
    found = {}
    for number in range(1, 10 * event_words.TENS):
        word, *names = event_words.of(number)
        if event_words.number(word):
            found[number] = word, names
    return found


def test_it_has_the_form_of_asyncapi_3() -> None:
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= set(DOCUMENT["info"]) <= FIELDS["info"]
    assert set(DOCUMENT) == FIELDS["document"]
    assert set(DOCUMENT["components"]) == FIELDS["components"]
    for channel in DOCUMENT["channels"].values():
        assert set(channel) == FIELDS["channel"]
        assert set(channel["parameters"]) == {"collector"}
    for operation in DOCUMENT["operations"].values():
        assert set(operation) == FIELDS["operation"]
        assert set(operation["bindings"]["mqtt"]) <= {"qos", "retain", "bindingVersion"}
    for message in MESSAGES.values():
        assert set(message) == FIELDS["message"]
        assert all({"payload"} <= set(each) <= FIELDS["example"] for each in message["examples"])


def test_every_reference_leads_somewhere_and_everything_is_used() -> None:
    found = set(references(DOCUMENT))
    for reference in found:
        contract.referred(reference, DOCUMENT)
    for kind, parts in DOCUMENT["components"].items():
        unused = {name for name in parts if f"#/components/{kind}/{name}" not in found}
        assert not unused


def test_every_channel_is_used_in_one_direction() -> None:
    # From the collector's view, which is what the document describes.
    directions = {
        each["channel"]["$ref"].rpartition("/")[2]: each["action"]
        for each in DOCUMENT["operations"].values()
    }
    assert directions == {
        word: "receive" if word in FROM_HEAD_END else "send" for word in DOCUMENT["channels"]
    }
    assert len(DOCUMENT["operations"]) == len(DOCUMENT["channels"])


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_one(name: str) -> None:
    schema = contract.inlined(SCHEMAS[name], DOCUMENT)
    Draft7Validator.check_schema(schema)
    # An object of which any key is good promises nothing; what is left open is closed elsewhere.
    if schema.get("type") == "object":
        assert schema["additionalProperties"] is False or name == "done"  # of scalars, by name
        assert set(schema.get("required", [])) <= set(schema.get("properties", {}))


@pytest.mark.parametrize("word", DOCUMENT["channels"])
def test_every_example_is_a_message(word: str) -> None:
    for name in DOCUMENT["channels"][word]["messages"]:
        validator = contract.channels()[word].messages[name]
        assert MESSAGES[name]["examples"]
        for example in MESSAGES[name]["examples"]:
            assert [error.message for error in validator.iter_errors(example["payload"])] == []


def test_every_type_of_event_is_described_and_no_other() -> None:
    values = [value for name, value in vars(events).items() if name.isupper() and name[0] != "_"]
    numbers = {value for value in values if isinstance(value, int)}
    assert numbers == set(declared())
    known = SCHEMAS["event_type"]["anyOf"][0]["enum"]
    assert known == [word for word, _ in declared().values()]
    ruled = {
        rule["if"]["properties"]["type"].get("const"): rule["then"]["properties"]["detail"]
        for rule in SCHEMAS["event"]["allOf"]
    }
    for word in known:
        assert ruled.pop(word) == {"$ref": f"#/components/schemas/{word}"}
    assert ruled == {None: {"maxProperties": 0}}  # one that is not known


@pytest.mark.parametrize(("word", "names"), declared().values())
def test_every_detail_has_the_names_that_the_firmware_gives(word: str, names: list[str]) -> None:
    assert list(SCHEMAS[word].get("properties", {})) == names


def test_the_limits_are_those_of_the_configuration() -> None:
    limits = {key: limit for key, _, _, limit in table()}
    assert tuple(SCHEMAS["intervals"]["properties"]["period"]["enum"]) == limits["interval_s"]
    assert tuple(SCHEMAS["birth"]["properties"]["program"]["enum"]) == limits["site.program"]
    address = SCHEMAS["address"]
    assert (address["minimum"], address["maximum"]) == limits["meter.address"]
