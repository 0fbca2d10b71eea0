"""Document and pydantic model to a checked value, or to findings with places."""

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ruhrmail.errors import InvalidInput
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.source.document import Document, Keys, Value, mask

Model = TypeVar("Model", bound=BaseModel)
Complaint = tuple[str, Phrase, Phrase | None]
"""Rule id, message, hint."""


def validate(document: Document, model: type[Model], whole: Collection[str] = ()) -> Model:
    """The document as `model`. Raises InvalidInput with every mistake at its place.

    What is missing in a mapping of a name in `whole` is told at that name, elsewhere at the mapping's first line.
    """
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        raise InvalidInput(list(findings_of(error, document, model, whole))) from None


def findings_of(
    error: ValidationError, document: Document, model: type[BaseModel], whole: Collection[str]
) -> Iterable[Finding]:
    """One finding per mistake; the variants of a union that all failed count as one."""
    seen: set[tuple[Keys, str]] = set()
    for details in error.errors(include_url=False):
        keys = known_keys(details["loc"], document, details["type"])
        if details["type"] == "too_short" and document.get(keys):
            continue  # its items were refused one by one, the list itself is not empty
        rule, message, hint = complaint_of(details, keys, model)
        if (keys, rule) not in seen:
            seen.add((keys, rule))
            yield Finding(rule, "error", place_of(details, keys, document, whole), message, hint)


def known_keys(loc: tuple[int | str, ...], document: Document, kind: str) -> Keys:
    """The way without the union tags that pydantic puts between; a missing key stays as the last one."""
    keys: Keys = ()
    for number, part in enumerate(loc):
        last = number == len(loc) - 1
        if is_tag(loc, number, document.get(keys)):
            continue
        if (*keys, part) in document.marks or (last and kind == "missing"):
            keys = (*keys, part)
    return keys


def is_tag(loc: tuple[int | str, ...], number: int, value: Value) -> bool:
    """True for the type of a block, which pydantic puts behind the block's place in its list.

    A block may have a key of the same name: `text` has its `text`.
    """
    entered = number > 0 and isinstance(loc[number - 1], int)
    return entered and isinstance(value, dict) and "type" in value and value["type"] == loc[number]


def place_of(details: ErrorDetails, keys: Keys, document: Document, whole: Collection[str]) -> Location:
    """A missing key: the first line of its mapping; an unknown or wrong one: the key; else the value."""
    if details["type"] == "missing":
        return document.at_key(keys[:-1]) if keys[:-1] and keys[-2] in whole else document.at_value(keys[:-1])
    context = details.get("ctx") or {}
    if details["type"] == "extra_forbidden" or details["loc"][-1:] == ("[key]",):
        return document.at_key(keys)
    if "at_key" in context:
        return document.at_key((*keys, context["at_key"]))
    wanted = context.get("at")
    for name in str(wanted).split() if wanted else ():
        if (*keys, name) in document.marks:
            return document.at_value((*keys, name))
    return document.at_value(keys)


def complaint_of(details: ErrorDetails, keys: Keys, model: type[BaseModel]) -> Complaint:
    """Rule, message and hint for one mistake, in ruhrmail's words."""
    kind, context = details["type"], without_secrets(details.get("ctx") or {})
    if "/" in kind:  # raised by a model of ours: the type is the rule, the context fills the gaps
        hint = context.pop("hint", None)
        for place in ("at", "at_key"):
            context.pop(place, None)
        template = str(context.pop("template"))
        return kind, phrase(template, **context), Phrase(str(hint), context) if hint else None
    if details["input"] is None and kind not in ("missing", "extra_forbidden"):
        return "schema/missing", phrase("{key} is empty", key=name_of(keys)), phrase("fill it in, or delete the line")
    maker = COMPLAINTS.get(kind)
    if maker is None:
        message = phrase("{key}: {reason}", key=name_of(keys), reason=details["msg"])
        return "schema/value", message, phrase("write it as the documentation shows")
    return maker(details, keys, context, model)


def without_secrets(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values for a message, passwords masked as in excerpts."""
    return {name: mask(value) if isinstance(value, str) else value for name, value in values.items()}


def name_of(keys: Keys) -> str | Phrase:
    """The last key, without list indexes."""
    return next((key for key in reversed(keys) if isinstance(key, str)), phrase("the file"))


Maker = Callable[[ErrorDetails, Keys, dict[str, Any], type[BaseModel]], Complaint]


def missing(_: ErrorDetails, keys: Keys, __: dict[str, Any], ___: type[BaseModel]) -> Complaint:
    return "schema/missing", phrase("{key} is missing", key=keys[-1]), phrase("add a line `{key}: …`", key=keys[-1])


def unknown(_: ErrorDetails, keys: Keys, __: dict[str, Any], model: type[BaseModel]) -> Complaint:
    message = phrase("unknown key: {key}", key=keys[-1])
    return "schema/unknown", message, guess(str(keys[-1]), fields_at(model, keys[:-1]))


def unknown_type(details: ErrorDetails, _: Keys, context: dict[str, Any], __: type[BaseModel]) -> Complaint:
    if not isinstance(details["input"], dict) or details["input"].get("type") is None:
        return no_type()
    known = [tag.strip(" '") for tag in str(context.get("expected_tags", "")).split(",")]
    message = phrase("there is no block of type {type}", type=context.get("tag", ""))
    return "schema/block-type", message, guess(str(context.get("tag", "")), known)


def no_type(*_: object) -> Complaint:
    return "schema/missing", phrase("the block has no type"), phrase("add a line such as `type: article`")


def not_a_choice(details: ErrorDetails, keys: Keys, context: dict[str, Any], _: type[BaseModel]) -> Complaint:
    message = phrase("{key} cannot be {value}", key=name_of(keys), value=shorten(details["input"]))
    choices = ", ".join(re.findall(r"'([^']*)'", str(context.get("expected", ""))))
    return "schema/choice", message, phrase("one of: {choices}", choices=choices)


def wrong_kind(wanted: str, hint: Phrase) -> Maker:
    def maker(_: ErrorDetails, keys: Keys, __: dict[str, Any], ___: type[BaseModel]) -> Complaint:
        return "schema/type", phrase("{key} must be " + wanted, key=name_of(keys)), hint

    return maker


def too_short(_: ErrorDetails, keys: Keys, __: dict[str, Any], ___: type[BaseModel]) -> Complaint:
    return "schema/missing", phrase("{key} is empty", key=name_of(keys)), phrase("fill it in, or delete the line")


def too_long(_: ErrorDetails, keys: Keys, context: dict[str, Any], __: type[BaseModel]) -> Complaint:
    message = phrase("{key} is longer than {count} characters", key=name_of(keys), count=context.get("max_length"))
    return "schema/too-long", message, phrase("shorten it")


def out_of_range(_: ErrorDetails, keys: Keys, context: dict[str, Any], __: type[BaseModel]) -> Complaint:
    bound = next((context[name] for name in ("ge", "gt", "le", "lt") if name in context), "")
    hint = phrase("write a larger number") if context.keys() & {"ge", "gt"} else phrase("write a smaller number")
    return "schema/range", phrase("{key} is out of range (bound: {bound})", key=name_of(keys), bound=bound), hint


AS_TEXT = phrase("write it as one text, without a list or keys below it")
AS_LIST = phrase("begin each entry on a line of its own with a hyphen and a space")
AS_MAPPING = phrase("write lines such as `key: value` below it")
AS_NUMBER = phrase("write digits only")
AS_CHOICE = phrase("write true or false")

COMPLAINTS: dict[str, Maker] = {
    "missing": missing,
    "extra_forbidden": unknown,
    "union_tag_invalid": unknown_type,
    "union_tag_not_found": no_type,
    "literal_error": not_a_choice,
    "string_type": wrong_kind("text", AS_TEXT),
    "list_type": wrong_kind("a list", AS_LIST),
    "tuple_type": wrong_kind("a list", AS_LIST),
    "dict_type": wrong_kind("a mapping of keys and values", AS_MAPPING),
    "model_type": wrong_kind("a mapping of keys and values", AS_MAPPING),
    "model_attributes_type": wrong_kind("a mapping of keys and values", AS_MAPPING),
    "int_parsing": wrong_kind("a whole number", AS_NUMBER),
    "int_parsing_size": wrong_kind("a whole number", AS_NUMBER),
    "int_type": wrong_kind("a whole number", AS_NUMBER),
    "float_parsing": wrong_kind("a number", AS_NUMBER),
    "float_type": wrong_kind("a number", AS_NUMBER),
    "bool_parsing": wrong_kind("true or false", AS_CHOICE),
    "bool_type": wrong_kind("true or false", AS_CHOICE),
    "string_too_short": too_short,
    "too_short": too_short,
    "string_too_long": too_long,
    "greater_than_equal": out_of_range,
    "greater_than": out_of_range,
    "less_than_equal": out_of_range,
    "less_than": out_of_range,
}


def guess(word: str, known: Iterable[str]) -> Phrase:
    """ "Did you mean", or the list of what there is."""
    known = list(known)
    near = difflib.get_close_matches(word.lower().replace("-", "_"), known, n=1, cutoff=0.6)
    if near:
        return phrase("did you mean {word}?", word=near[0])
    return phrase("known here: {words}", words=", ".join(known))


def fields_at(model: type[BaseModel], keys: Keys) -> list[str]:
    """The names that the mapping at the end of `keys` may hold, over all models that can stand there."""
    models, named_freely = [model], False
    for key in keys:
        if named_freely or isinstance(key, int):  # a key of the writer's own choice, or a number in a list
            named_freely = False
            continue
        annotations = [one.model_fields[key].annotation for one in models if key in one.model_fields]
        named_freely = any(get_origin(one) is dict for one in annotations)
        models = [found for one in annotations for found in models_in(one)]
    return list(dict.fromkeys(field.alias or name for one in models for name, field in one.model_fields.items()))


def models_in(annotation: object) -> Iterable[type[BaseModel]]:
    """Every model inside an annotation such as `tuple[A | B, ...] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from models_in(argument)


def shorten(value: object) -> str:
    """A value for a message."""
    text = mask(str(value))
    return text if len(text) <= 40 else text[:39] + "…"
