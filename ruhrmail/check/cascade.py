"""Which declarations hold for an element: style sheets, style attributes and the old attributes of HTML.

What stands in media queries is left out, but for `prefers-color-scheme: dark` where that is asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import tinycss2
from cssselect import GenericTranslator, HTMLTranslator, SelectorError, parse
from lxml import etree
from lxml.html import HtmlElement

from ruhrmail.check.colour import Colour, read_colour

Parts = tuple[tuple[str, str, bool], ...]
"""Declarations: property, value, whether important."""
ATTRIBUTES = {"bgcolor": "background-color", "color": "color", "align": "text-align"}
EVERYWHERE = ("", "all", "screen")
INLINE = (1, 0, 0, 0)
"""A style attribute beats every selector (CSS Cascade 4, section 6.4)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One selector of a style sheet with its declarations; `dark` when it holds in dark mode only."""

    selector: str
    find: etree.XPath
    weight: tuple[int, int, int]
    parts: Parts
    dark: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """The value that won, and what it won by; `sheet` is False for one of the element's own attributes."""

    value: str
    rank: tuple[bool, tuple[int, ...], int]
    sheet: bool


@dataclass(frozen=True, slots=True)
class Cascade:
    """What holds for the elements of one HTML file; `paper` is what lies below all of it."""

    held: dict[HtmlElement, dict[str, Held]]
    paper: Colour

    def own(self, element: HtmlElement, name: str) -> str:
        """An element's own value of a property, empty without one."""
        found = self.held.get(element, {}).get(name)
        return found.value if found else ""

    def inherited(self, element: HtmlElement, name: str) -> str:
        """The value of a property that elements inherit, empty where nobody says one."""
        around = (self.own(one, name) for one in (element, *element.iterancestors()))
        return next((value for value in around if value and value != "inherit"), "")

    def ground(self, element: HtmlElement) -> Colour | None:
        """The colour behind an element; None where that is a picture."""
        for one in (element, *element.iterancestors()):
            if "url(" in self.own(one, "background-image") or one.get("background"):
                return None
            colour = read_colour(self.own(one, "background-color"))
            if colour is not None:
                return colour
        return self.paper

    def ink(self, element: HtmlElement) -> Colour | None:
        """The colour of an element's text; None where it cannot be read."""
        written = self.inherited(element, "color")
        return read_colour(written) if written else Colour(0, 0, 0)


@lru_cache(maxsize=64)
def cascade(root: HtmlElement, *, dark: bool = False) -> Cascade:
    """What holds for every element, in light or dark mode; kept, for several rules ask about each variant."""
    held: dict[HtmlElement, dict[str, Held]] = {}
    for element in root.iter():
        if isinstance(element.tag, str):
            old = ((name, str(element.get(key)), False) for key, name in ATTRIBUTES.items() if element.get(key))
            put(held, element, tuple(old), (0, 0, 0, 0), 0, sheet=False)
            put(held, element, read_style(str(element.get("style") or "")), INLINE, 0, sheet=False)
    for number, rule in enumerate(rules_of(root), 1):
        if dark or not rule.dark:
            for element in matches(rule, root):
                put(held, element, rule.parts, (0, *rule.weight), number, sheet=True)
    paper = Colour(18, 18, 18) if dark else Colour(255, 255, 255)
    return Cascade(held, paper)


def matches(rule: Rule, root: HtmlElement) -> list[HtmlElement]:
    """The elements that a rule speaks of."""
    found = rule.find(root)
    return [one for one in found if isinstance(one, HtmlElement)] if isinstance(found, list) else []


def put(
    held: dict[HtmlElement, dict[str, Held]],
    element: HtmlElement,
    parts: Parts,
    weight: tuple[int, ...],
    number: int,
    *,
    sheet: bool,
) -> None:
    """Notes declarations where nothing stronger is noted; later ones are stronger."""
    values = held.setdefault(element, {}) if parts else {}
    for name, value, important in parts:
        rank = (important, weight, number)
        if name not in values or values[name].rank <= rank:
            values[name] = Held(value, rank, sheet)


def rules_of(root: HtmlElement) -> Iterator[Rule]:
    """The rules of all style sheets, in their order."""
    for element in root.iter("style"):
        if str(element.get("media") or "").strip().lower() in EVERYWHERE:
            yield from read_rules(element.text or "")


@lru_cache(maxsize=32)
def read_rules(text: str) -> tuple[Rule, ...]:
    """The rules of one style sheet."""
    return tuple(walk(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True), dark=False))


def walk(nodes: list[Any], *, dark: bool) -> Iterator[Rule]:
    """The rules among the parts of a style sheet, those for dark mode too."""
    for node in nodes:
        if node.type == "qualified-rule":
            yield from selectors(tinycss2.serialize(node.prelude), read_parts(node.content), dark=dark)
        elif node.type == "at-rule" and node.lower_at_keyword == "media" and node.content and not dark:
            query = "".join(tinycss2.serialize(node.prelude).lower().split())
            if query == "(prefers-color-scheme:dark)":
                inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
                yield from walk(inner, dark=True)


def selectors(prelude: str, parts: Parts, *, dark: bool) -> Iterator[Rule]:
    """A rule for each selector; those that select nothing that stands in a mail are left out."""
    try:
        found = parse(prelude.strip())
        for one in found:
            if one.pseudo_element is None and parts:
                way = etree.XPath(TRANSLATOR.selector_to_xpath(one))
                yield Rule(one.canonical(), way, one.specificity(), parts, dark)
    except (SelectorError, etree.XPathSyntaxError):
        return  # a selector that browsers know and this one does not: it counts as none


TRANSLATOR: GenericTranslator = HTMLTranslator()


@lru_cache(maxsize=2_000)
def read_style(text: str) -> Parts:
    """A style attribute's declarations."""
    return read_parts(tinycss2.parse_component_value_list(text)) if text else ()


def read_parts(content: list[Any]) -> Parts:
    """The declarations of a block, `background` as its colour and its picture."""
    parsed = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    return tuple(part for one in parsed if one.type == "declaration" for part in spread(one))


def spread(declaration: Any) -> Iterator[tuple[str, str, bool]]:
    """One declaration, or the two that a shorthand stands for."""
    value, important = tinycss2.serialize(declaration.value).strip().lower(), declaration.important
    if declaration.lower_name != "background":
        yield declaration.lower_name, value, important
        return
    colours = [word for word in map(tinycss2.serialize, map(listed, declaration.value)) if read_colour(word)]
    yield "background-color", colours[0] if colours else "transparent", important
    yield "background-image", value if "url(" in value else "none", important


def listed(token: Any) -> list[Any]:
    """A token as tinycss2 writes it."""
    return [token]
