"""The JSON Schema of issue or config."""

from ruhrmail.i18n import translator
from ruhrmail.scaffold.schema import Subject, make_schema, print_schema


def schema_text(subject: Subject, language: str) -> str:
    """The schema as a file's text, its help in `de` or `en`."""
    return print_schema(make_schema(subject, translator(language)))
