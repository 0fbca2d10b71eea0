"""`50/s`, or several at once: `[50/s, 20000/h, 100000/d]`."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticKnownError

from ruhrmail.config.relays import Rate
from ruhrmail.model.written import wrong

PER = {"s": 1, "m": 60, "h": 3600, "d": 86400}
ONE = r"[0-9]{1,9}(\.[0-9]{1,9})?\s*/\s*[smhd]"
SCHEMA = {
    "anyOf": [
        {"type": "string", "pattern": rf"^\s*{ONE}(\s*,\s*{ONE})*\s*$"},
        {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": rf"^\s*{ONE}\s*$"}},
    ]
}


def read_rate(text: object) -> Rate:
    """`50/s`, `1000/m`, `20000/h`, `100000/d`."""
    written = str(text).strip()
    count, _, unit = (part.strip() for part in written.partition("/"))
    if not re.fullmatch(ONE, written) or float(count) == 0:
        raise wrong("config/relay", "this is no rate: {value}", "such as 50/s or 2000/h", value=written)
    return Rate(float(count), PER[unit])


def split_rates(value: object) -> object:
    """Several rates in one text have commas between them."""
    if value is None:
        raise PydanticKnownError("string_type")
    return value.split(",") if isinstance(value, str) else value


def refuse_repeats(rates: tuple[Rate, ...]) -> tuple[Rate, ...]:
    """One rate for each unit: two for the same one cannot both be meant."""
    units = [rate.per for rate in rates]
    for unit, seconds in PER.items():
        if units.count(seconds) > 1:
            raise wrong("config/relay", "two rates count per {unit}", "leave one of them", unit=f"/{unit}")
    return rates


def read_rates(texts: list[str]) -> tuple[Rate, ...]:
    """The rates in options of a relay address, which may repeat and hold several with commas between them."""
    return refuse_repeats(tuple(read_rate(one) for text in texts for one in text.split(",")))


Rates = Annotated[
    tuple[Annotated[Rate, PlainValidator(read_rate)], ...],
    Field(min_length=1),
    BeforeValidator(split_rates),
    AfterValidator(refuse_repeats),
    WithJsonSchema(SCHEMA),
]
"""Limits that hold all at once."""
