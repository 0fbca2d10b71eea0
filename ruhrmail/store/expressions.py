"""What SQLite and PostgreSQL say in different words, as parts of statements that are the same for both."""

import sys
from functools import cache
from typing import Any

from sqlalchemy import Boolean, Integer, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement, GenericFunction

SECOND = 1_000_000
"""In the microseconds that the tables count."""


class TextExpression(FunctionElement[str]):
    """An expression over other expressions that gives a text, or tells something about one."""

    type = Text()
    inherit_cache = True


class Folded(TextExpression):
    """A text as `model.variants.fold_tag` folds it."""

    inherit_cache = True


class Lowered(TextExpression):
    """A text with the letters A to Z made small, and no others."""

    inherit_cache = True


class BeyondAscii(FunctionElement[bool]):
    """Whether a text has characters that `Lowered` does not know the case of."""

    type = Boolean()
    inherit_cache = True


class PlaceOf(FunctionElement[int]):
    """Where in a first text a second one begins, from 1; 0 where it does not."""

    type = Integer()
    inherit_cache = True


class MonthOf(TextExpression):
    """The month (`2026-11`, UTC) of a time in microseconds since 1970."""

    inherit_cache = True


class json_items(GenericFunction[Any]):  # noqa: N801 - named as in SQL
    """The rows (`value`) that a JSON array of texts holds."""

    inherit_cache = True


def words_of(element: FunctionElement[Any], compiler: SQLCompiler, options: dict[str, Any]) -> list[str]:
    """The arguments of an expression in SQL."""
    return [compiler.process(clause, **options) for clause in element.clauses]


@compiles(Folded, "sqlite")
def folded_by_python(element: Folded, compiler: SQLCompiler, **options: Any) -> str:
    return "fold({})".format(*words_of(element, compiler, options))


@compiles(Folded, "postgresql")
def folded_by_tables(element: Folded, compiler: SQLCompiler, **options: Any) -> str:
    return folding().format(*words_of(element, compiler, options))


@compiles(Lowered, "sqlite")
def lowered(element: Lowered, compiler: SQLCompiler, **options: Any) -> str:
    return "lower({})".format(*words_of(element, compiler, options))


@compiles(Lowered, "postgresql")
def lowered_plainly(element: Lowered, compiler: SQLCompiler, **options: Any) -> str:
    return 'lower(({}) COLLATE "C")'.format(*words_of(element, compiler, options))


@compiles(BeyondAscii, "sqlite")
def beyond_by_pattern(element: BeyondAscii, compiler: SQLCompiler, **options: Any) -> str:
    return "({} GLOB '*[^ -~]*')".format(*words_of(element, compiler, options))


@compiles(BeyondAscii, "postgresql")
def beyond_by_length(element: BeyondAscii, compiler: SQLCompiler, **options: Any) -> str:
    return "(octet_length({0}) <> length({0}))".format(*words_of(element, compiler, options))


@compiles(PlaceOf, "sqlite")
def place_by_instr(element: PlaceOf, compiler: SQLCompiler, **options: Any) -> str:
    return "instr({}, {})".format(*words_of(element, compiler, options))


@compiles(PlaceOf, "postgresql")
def place_by_strpos(element: PlaceOf, compiler: SQLCompiler, **options: Any) -> str:
    return "strpos({}, {})".format(*words_of(element, compiler, options))


@compiles(MonthOf, "sqlite")
def month_by_strftime(element: MonthOf, compiler: SQLCompiler, **options: Any) -> str:
    return "strftime('%Y-%m', ({}) / {}, 'unixepoch')".format(*words_of(element, compiler, options), SECOND)


@compiles(MonthOf, "postgresql")
def month_by_to_char(element: MonthOf, compiler: SQLCompiler, **options: Any) -> str:
    words = words_of(element, compiler, options)
    return "to_char(to_timestamp(({}) / {}) AT TIME ZONE 'UTC', 'YYYY-MM')".format(*words, SECOND)


@compiles(json_items, "sqlite")
def items_by_each(element: json_items, compiler: SQLCompiler, **options: Any) -> str:
    return "json_each({})".format(*words_of(element, compiler, options))


@compiles(json_items, "postgresql")
def items_by_elements(element: json_items, compiler: SQLCompiler, **options: Any) -> str:
    return "json_array_elements_text({})".format(*words_of(element, compiler, options))


@cache
def folding() -> str:
    """SQL that folds the text in its one gap as Python does, whatever the server's own tables of letters are.

    No letter that another becomes is folded itself, so the order of the steps does not matter. The long way is for
    texts with capital letters beyond ASCII, or a ß.
    """
    letters = [chr(code) for code in (*range(0xD800), *range(0xE000, sys.maxunicode + 1))]
    changed = {letter: small for letter in letters if (small := letter.casefold()) != letter and not letter.isascii()}
    single = {letter: small for letter, small in changed.items() if len(small) == 1}
    found = f"translate(t.x, {quoted(''.join(single))}, {quoted(''.join(single.values()))})"
    for letter, small in changed.items():
        if letter not in single:
            found = f"replace({found}, {quoted(letter)}, {quoted(small)})"
    blanks = quoted("".join(letter for letter in letters if letter.isspace()))
    plain = f'lower(normalize(btrim({{0}}, {blanks}), NFC) COLLATE "C")'
    seldom = quoted(f"[{''.join(changed)}]")
    return f"(SELECT CASE WHEN t.x ~ {seldom} THEN {found} ELSE t.x END FROM (SELECT {plain} AS x OFFSET 0) t)"  # noqa: S608


def quoted(text: str) -> str:
    """A text as SQL writes it, of letters and blanks only."""
    return "'" + text.replace("'", "''") + "'"
