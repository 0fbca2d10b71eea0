"""A phrase as JSON and back: the reason of a stop is kept as it was said, and told in the reader's language."""

from typing import TypedDict, cast

from ruhrmail.model.phrase import Phrase


class PhraseForm(TypedDict):
    """An English template and the values for its gaps, of which those that are phrases are such forms too."""

    template: str
    values: dict[str, object]


def to_json(said: Phrase) -> PhraseForm:
    """The phrase as values that JSON knows."""
    return {"template": said.template, "values": {name: plain(value) for name, value in said.values.items()}}


def plain(value: object) -> object:
    """One value: phrases as forms, numbers as they are, anything else as its text."""
    if isinstance(value, Phrase):
        return to_json(value)
    return value if isinstance(value, (int, float)) else str(value)


def from_json(form: PhraseForm | None) -> Phrase | None:
    """The phrase that `to_json` wrote."""
    return None if form is None else phrase_of(form)


def phrase_of(form: PhraseForm) -> Phrase:
    """The same where there is one."""
    values = {
        name: phrase_of(cast("PhraseForm", value)) if isinstance(value, dict) else value
        for name, value in form["values"].items()
    }
    return Phrase(form["template"], values)
