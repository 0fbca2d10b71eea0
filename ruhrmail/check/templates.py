"""The project's own MJML templates: MJML itself takes anything and leaves out what it does not know."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Protocol

from ruhrmail.check.dossier import Template
from ruhrmail.check.mjml import ATTRIBUTES, EVERYWHERE, PARENTS, UNSUPPORTED, UNSUPPORTED_ATTRIBUTES
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.source.document import place_in

JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<!--.*?-->", re.DOTALL)
TAG = re.compile(
    r"<(?P<close>/?)(?P<name>mj[\w-]*)(?P<rest>(?:\"[^\"]*\"|'[^']*'|[^<>\"'])*?)(?P<empty>/?)>", re.DOTALL
)
ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
BARE_ZERO = re.compile(r"(?<![\w.#-])0(?![\w.%])")
LENGTHS = re.compile(r"(?:inner-)?(?:padding|border-radius)(?:-\w+)*|width")
INCLUDE = "mj-include"


class HasTemplates(Protocol):
    """Whatever holds the project's own templates: a dossier, or they alone where an issue cannot be rendered."""

    @property
    def templates(self) -> tuple[Template, ...]: ...


@dataclass(frozen=True, slots=True)
class Templates:
    """The project's own templates alone."""

    templates: tuple[Template, ...]


@dataclass(frozen=True, slots=True)
class Element:
    """An MJML element as a template writes it; `parent` is the one around it in the same file, empty for none."""

    name: str
    parent: str
    at: Location
    attributes: tuple[tuple[str, str, Location], ...]


def elements_of(project: HasTemplates) -> Iterator[Element]:
    """Every MJML element of the project's own templates."""
    for template in project.templates:
        if template.name.endswith(".mjml.j2"):
            text = JINJA.sub(lambda match: re.sub(r"[^\n]", "x", match[0]), template.text)
            yield from read_elements(text, template.file, template.lines)


def read_elements(text: str, file: str, lines: list[str]) -> Iterator[Element]:
    """The elements of one template; Jinja's own parts are blanked out, so that every offset stays."""

    def at(offset: int) -> Location:
        line = text.count("\n", 0, offset)
        return place_in(file, lines, line, offset - (text.rfind("\n", 0, offset) + 1))

    around: list[str] = []
    for match in TAG.finditer(text):
        name = match["name"]
        if match["close"]:
            if name in around:
                del around[len(around) - 1 - around[::-1].index(name) :]
            continue
        found = ATTRIBUTE.finditer(text, *match.span("rest"))
        attributes = tuple((one[1], one[2][1:-1], at(one.start())) for one in found)
        yield Element(name, around[-1] if around else "", at(match.start()), attributes)
        if not match["empty"]:
            around.append(name)


def find_unknown_tags(project: HasTemplates) -> Iterator[Finding]:
    """A template uses an element that MJML does not have.

    Why: MJML leaves it out with all that is in it, and says nothing.
    Bad:
        # templates/blocks/divider.mjml.j2
        <mj-section><mj-colum><mj-text>–</mj-text></mj-colum></mj-section>
    Good:
        # templates/blocks/divider.mjml.j2
        <mj-section><mj-column><mj-text>–</mj-text></mj-column></mj-section>
    Remedy: mend the name
    """
    for element in elements_of(project):
        name = element.name
        if name not in ATTRIBUTES and name not in UNSUPPORTED and name not in (INCLUDE, "mj-all"):
            message = phrase("MJML has no element {name}", name=name)
            yield Finding("mjml/unknown-tag", "error", element.at, message, guess(name, ATTRIBUTES))


def find_unknown_attributes(project: HasTemplates) -> Iterator[Finding]:
    """A template gives an MJML element an attribute that it does not have.

    Why: MJML leaves it out and says nothing: the colour or space that was meant is not there.
    Bad:
        # templates/blocks/divider.mjml.j2
        <mj-section><mj-column><mj-text colour="#333333">–</mj-text></mj-column></mj-section>
    Good:
        # templates/blocks/divider.mjml.j2
        <mj-section><mj-column><mj-text color="#333333">–</mj-text></mj-column></mj-section>
    Remedy: mend the name, or write a style attribute into the HTML inside
    """
    for element in elements_of(project):
        known = ATTRIBUTES.get(element.name)
        if known is None or element.parent == "mj-attributes":
            continue
        for name, _, at in element.attributes:
            if name not in known | EVERYWHERE and (element.name, name) not in UNSUPPORTED_ATTRIBUTES:
                message = phrase("{element} has no attribute {name}", element=element.name, name=name)
                yield Finding("mjml/unknown-attribute", "error", at, message, guess(name, known | EVERYWHERE))


def find_wrong_nesting(project: HasTemplates) -> Iterator[Finding]:
    """An MJML element stands in one that cannot hold it.

    Why: MJML shows it without its width and space, or not at all: sections hold columns, columns hold content.
    Bad:
        # templates/blocks/divider.mjml.j2
        <mj-section><mj-text>–</mj-text></mj-section>
    Good:
        # templates/blocks/divider.mjml.j2
        <mj-section><mj-column><mj-text>–</mj-text></mj-column></mj-section>
    Remedy: mj-body, then mj-section, then mj-column, then content
    """
    for element in elements_of(project):
        allowed = PARENTS.get(element.name)
        if allowed and element.parent in ATTRIBUTES and element.parent not in allowed | {"mj-attributes"}:
            message = phrase("{name} cannot stand in {parent}", name=element.name, parent=element.parent)
            hint = phrase("put it into {parents}", parents=", ".join(sorted(allowed)))
            yield Finding("mjml/nesting", "error", element.at, message, hint)


def find_bare_zeros(project: HasTemplates) -> Iterator[Finding]:
    """A length says 0 without its unit.

    Why: The renderer leaves such a length out when it computes widths: `padding="0 24px"` makes pictures too wide.
    Bad:
        # templates/blocks/divider.mjml.j2
        <mj-section padding="0 24px"><mj-column><mj-text>–</mj-text></mj-column></mj-section>
    Good:
        # templates/blocks/divider.mjml.j2
        <mj-section padding="0px 24px"><mj-column><mj-text>–</mj-text></mj-column></mj-section>
    Remedy: write 0px
    """
    for element in elements_of(project):
        for name, value, at in element.attributes:
            if LENGTHS.fullmatch(name) and BARE_ZERO.search(value):
                message = phrase('{name}="{value}" has a 0 without its unit', name=name, value=value)
                yield Finding("mjml/unitless-zero", "error", at, message, phrase("write 0px"))


def find_includes(project: HasTemplates) -> Iterator[Finding]:
    """A template includes another by MJML's own element.

    Why: It loses the widths of what is included, and knows nothing of the project's templates.
    Bad:
        # templates/blocks/divider.mjml.j2
        <mj-include path="rule.mjml"></mj-include>
    Good:
        # templates/blocks/divider.mjml.j2
        {% set headline, level, style = newsletter.name, 2, h2 %}{% include "blocks/_title.mjml.j2" %}
    Remedy: use Jinja's include
    """
    for element in elements_of(project):
        if element.name == INCLUDE:
            hint = phrase("use Jinja's include")
            yield Finding("mjml/include", "error", element.at, phrase("<mj-include> does not work here"), hint)


def find_unsupported(project: HasTemplates) -> Iterator[Finding]:
    """A template uses what MJML has and the renderer here has not, or what does harm in a mail.

    Why: mj-preview, mj-social, mj-html-attributes, the gap of mj-wrapper, the role of mj-table and inline styles do
        nothing here, or something else than their description says.
    Bad:
        # templates/blocks/divider.mjml.j2
        <mj-wrapper gap="10px"><mj-section><mj-column><mj-text>–</mj-text></mj-column></mj-section></mj-wrapper>
    Good:
        # templates/blocks/divider.mjml.j2
        <mj-wrapper><mj-section padding="10px"><mj-column><mj-text>–</mj-text></mj-column></mj-section></mj-wrapper>
    Remedy: see the hint of the finding
    """
    for element in elements_of(project):
        if element.name in UNSUPPORTED:
            message = phrase("{name} does not work here", name=f"<{element.name}>")
            yield Finding("mjml/unsupported", "error", element.at, message, UNSUPPORTED[element.name])
        for name, _, at in element.attributes:
            if reason := UNSUPPORTED_ATTRIBUTES.get((element.name, name)):
                message = phrase("{name} does not work here", name=f"{element.name} {name}")
                yield Finding("mjml/unsupported", "error", at, message, reason)


def guess(name: str, known: Iterable[str]) -> Phrase:
    """The hint that names what was meant."""
    near = get_close_matches(name, list(known), n=1)
    return phrase("did you mean {word}?", word=near[0]) if near else phrase("see https://documentation.mjml.io")


LINTS: Mapping[str, Callable[[HasTemplates], Iterator[Finding]]] = {
    "mjml/unknown-tag": find_unknown_tags,
    "mjml/unknown-attribute": find_unknown_attributes,
    "mjml/nesting": find_wrong_nesting,
    "mjml/unitless-zero": find_bare_zeros,
    "mjml/include": find_includes,
    "mjml/unsupported": find_unsupported,
}
"""The rules that need nothing but templates."""


def lint(templates: tuple[Template, ...]) -> Iterator[Finding]:
    """What these rules find where no issue can be rendered."""
    return (finding for find in LINTS.values() for finding in find(Templates(templates)))
