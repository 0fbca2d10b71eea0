"""What JSON may hold and no cell of a list does: taken out of its texts."""

import re

from ruhrmail.model.people import CONTROL

HALF = re.compile("[\ud800-\udfff]")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def cleaned(value: object, replacement: str = "") -> object:
    """A value of JSON, names of its fields included, without control characters and halves of surrogate pairs.

    In an address U+FFFD takes their place, which is refused: without them it would be somebody else's.
    """
    if isinstance(value, str):
        return value if value.isprintable() else HALF.sub(replacement, CONTROL.sub(replacement, value))
    if isinstance(value, list):
        return [cleaned(one) for one in value]
    if isinstance(value, dict):
        return {cleaned(name): cleaned(one, REPLACEMENT if name == "email" else "") for name, one in value.items()}
    return value
