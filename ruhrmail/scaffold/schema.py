"""The models of issue and config to JSON Schema, for completion and help in editors.

Pydantic says what may stand where; here it is put into the words of the person who writes, and into a form that the
YAML language server handles well: no `null` alternatives, one definition of "any block".
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import BaseModel

from ruhrmail.config.settings import Settings
from ruhrmail.i18n import Translator
from ruhrmail.model.issue import Issue
from ruhrmail.model.phrase import phrase
from ruhrmail.scaffold.meanings import MEANINGS, TITLES
from ruhrmail.source.validate import models_in

Subject = Literal["issue", "config"]
Schema = dict[str, Any]
MODELS: Mapping[Subject, type[BaseModel]] = {"issue": Issue, "config": Settings}
DIALECT = "https://json-schema.org/draft/2020-12/schema"
ANY_BLOCK = "Block"
EVERY_TEXT = r"\S"
TEXT = ["string", "number"]
"""YAML reads `title: 2027` as a number; ruhrmail takes every scalar for the text it is."""


def make_schema(subject: Subject, translate: Translator) -> Schema:
    """The JSON Schema of an issue or of ruhrmail.yaml, its help in the translator's language."""
    root = MODELS[subject]
    made = root.model_json_schema(by_alias=True)
    definitions: Schema = made.pop("$defs", {})
    models = {model.__name__: model for model in all_models(root)}
    blocks = find_union(definitions)
    described = {name: describe(tidy(one), models[name], translate) for name, one in definitions.items()}
    if blocks:
        described[ANY_BLOCK] = {"oneOf": blocks}
    title = translate(phrase("Issue of a newsletter") if subject == "issue" else phrase("Settings of a newsletter"))
    return {"$schema": DIALECT, **describe(tidy(made), root, translate), "title": title,
            "$defs": dict(sorted(described.items()))}  # fmt: skip


def print_schema(schema: Schema) -> str:
    """The schema as the text of a file."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def all_models(root: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A model and every model that it holds, each once."""
    found: dict[str, type[BaseModel]] = {}
    waiting = [root]
    while waiting:
        model = waiting.pop()
        if model.__name__ not in found:
            found[model.__name__] = model
            waiting.extend(inner for field in model.model_fields.values() for inner in models_in(field.annotation))
    yield from found.values()


def find_union(part: Any) -> list[Schema]:
    """The alternatives of the first union that is told apart by `type`."""
    if isinstance(part, dict):
        if "discriminator" in part:
            return list(part["oneOf"])
        part = list(part.values())
    if isinstance(part, list):
        return next((found for one in part if (found := find_union(one))), [])
    return []


def tidy(schema: Schema) -> Schema:
    """Without titles made from names, defaults (editors would insert them), `null`, and repeated unions."""
    if "discriminator" in schema:
        return {"$ref": f"#/$defs/{ANY_BLOCK}"}
    kept = {key: tidy_part(key, value) for key, value in schema.items() if key not in ("title", "default")}
    choices = [one for word in ("anyOf", "oneOf") for one in kept.pop(word, ()) if one != {"type": "null"}]
    kept |= choices[0] if len(choices) == 1 else {"anyOf": choices} if choices else {}
    if (
        kept.get("type") == "string"
        and not kept.keys() & {"const", "enum"}
        and kept.get("pattern", EVERY_TEXT) == EVERY_TEXT
    ):
        kept["type"] = TEXT
    return kept


def tidy_part(key: str, value: Any) -> Any:
    """The same for what stands at one keyword."""
    if key == "properties":
        return {name: tidy(one) for name, one in value.items()}
    if key in ("anyOf", "oneOf"):
        return [tidy(one) for one in value]
    return tidy(value) if key == "items" else value


def describe(schema: Schema, model: type[BaseModel], translate: Translator) -> Schema:
    """One model's definition with title and help, and with help for each of its keys."""
    title = TITLES.get(model.__name__)
    return {
        **({"title": translate(title)} if title else {}),
        "description": translate(MEANINGS[model.__name__]),
        **{key: value for key, value in schema.items() if key != "description"},
        "properties": {
            key: explain(value, translate(MEANINGS[meaning_of(model, key)]))
            for key, value in in_order_of_writing(schema["properties"]).items()
        },
    }


def explain(schema: Schema, meaning: str) -> Schema:
    """A key's schema with its help, which also says what is expected where the value has another form."""
    choices = {"anyOf": [tell_form(one, meaning) for one in schema["anyOf"]]} if "anyOf" in schema else {}
    return tell_form({"description": meaning, **schema, **choices}, meaning)


def tell_form(schema: Schema, meaning: str) -> Schema:
    """The schema, with help for a text that has another form than its pattern."""
    return {**schema, "patternErrorMessage": meaning} if schema.get("pattern", EVERY_TEXT) != EVERY_TEXT else schema


def in_order_of_writing(properties: Schema) -> Schema:
    """`type` first and the tags last, as editors offer them in this order."""
    return dict(sorted(properties.items(), key=lambda item: RANKS.get(item[0], 0)))


RANKS = {"type": -1, "only_for": 1, "not_for": 1}


def meaning_of(model: type[BaseModel], key: str) -> str:
    """The name under which the key's meaning is told: at the model, or at the parent it comes from."""
    if key == "type":
        return model.__name__
    names = [f"{parent.__name__}.{key}" for parent in model.__mro__]
    return next((name for name in names if name in MEANINGS), names[0])
