"""Audiences to SQL: the condition that a subscriber belongs to one."""

from sqlalchemy import ColumnElement, Text, and_, cast, exists, func, not_, or_, select, true

from ruhrmail.model.audience import Audience, Both, Either, Expression, Has, Not
from ruhrmail.model.merge import KNOWN_COLUMNS
from ruhrmail.model.variants import fold_tag
from ruhrmail.store.expressions import BeyondAscii, Folded, Lowered, json_items
from ruhrmail.store.schema import subscribers


def belongs(audience: Audience) -> ColumnElement[bool]:
    """The condition that a subscriber's row belongs to the audience."""
    return true() if audience.expression is None else condition_of(audience.expression, audience.language)


def condition_of(expression: Expression, language: str) -> ColumnElement[bool]:
    """The same for an expression; whoever has no language has this one."""
    match expression:
        case Has("tag", value):
            return has_tag(value)
        case Has("language", value):
            own = is_same(subscribers.c.language, value)
            return or_(own, subscribers.c.language == "") if fold_tag(value) == language else own
        case Has(name, value):
            return is_same(column_named(name), value)
        case Not(inner):
            return not_(condition_of(inner, language))
        case Both(parts):
            return and_(*(condition_of(part, language) for part in parts))
        case Either(parts):
            return or_(*(condition_of(part, language) for part in parts))


def has_tag(value: str) -> ColumnElement[bool]:
    """The condition that somebody has a tag, compared as everywhere (`model.variants.fold_tag`)."""
    tag = json_items(subscribers.c.tags).table_valued("value")
    return exists(select(tag.c.value).where(is_same(tag.c.value, value)))


def column_named(name: str) -> ColumnElement[str]:
    """A known column, or one of the others; empty where a row lacks it."""
    if name in KNOWN_COLUMNS:
        return cast(subscribers.c[name], Text)
    return func.coalesce(subscribers.c.fields[name].as_string(), "")


def is_same(column: ColumnElement[str], value: str) -> ColumnElement[bool]:
    """The condition that a text is the value but for letter case; only texts beyond ASCII cost a call of ours."""
    folded = fold_tag(value)
    return or_(Lowered(column) == folded, and_(BeyondAscii(column), Folded(column) == folded))
