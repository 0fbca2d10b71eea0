"""A single text as readers see it, to tell whether two ways to write it come to the same."""

from ruhrmail.markdown import make_reader
from ruhrmail.model.merge import FIELD
from ruhrmail.render.prose import set_tokens, write_prose
from ruhrmail.render.typography import typeset

ANYBODY = "Anybody"
"""In place of merge fields, whose own quotation marks nobody sees."""


def show_plain(text: str, language: str) -> str:
    """A text without markup."""
    return typeset(FIELD.sub(ANYBODY, text), language)


def show_markdown(text: str, language: str) -> str:
    """A Markdown text as HTML and as plain lines."""
    tokens, _ = set_tokens(make_reader("story").parse(FIELD.sub(ANYBODY, text)), language)
    prose = write_prose(tokens)
    return f"{prose.html}\n{prose.text}"
