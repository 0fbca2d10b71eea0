"""What the schema cannot say: ids that are unique, a preheader that is there."""

from collections.abc import Iterator, Sequence

from ruhrmail.model.blocks import FIXED_PAGES, Article, Block
from ruhrmail.model.finding import Finding
from ruhrmail.model.issue import Issue
from ruhrmail.model.phrase import phrase
from ruhrmail.source import Document
from ruhrmail.source.document import Keys


def check_facts(document: Document, issue: Issue) -> Iterator[Finding]:
    """Findings on the issue as a whole."""
    if not issue.preheader:
        yield Finding(
            "preheader/missing",
            "warning",
            document.at_value(()),
            phrase("there is no preheader: inboxes will show the first words of the mail instead"),
            phrase("add a line `preheader: …` of 40 to 100 characters"),
        )
    yield from check_ids(document, issue)
    for index, block in enumerate(issue.content):
        if isinstance(block, Article) and isinstance(block.body, tuple):
            yield from check_body(document, block.body, ("content", index, "body"))


def check_ids(document: Document, issue: Issue) -> Iterator[Finding]:
    """Findings on ids that stand twice, or that name the file of a page which the issue has anyway."""
    ids = [(index, block) for index, block in enumerate(issue.content) if isinstance(block, Article) and block.id]
    seen: set[str | None] = set()
    for index, block in ids:
        at, hint = document.at_value(("content", index, "id")), phrase("choose another one")
        if block.id in seen:
            message = phrase("the id {value} stands here a second time", value=block.id)
            yield Finding("schema/id", "error", at, message, hint)
        elif block.id in FIXED_PAGES and block.body is not None:
            message = phrase("the id {value} cannot be used: the issue itself has a page of that name", value=block.id)
            yield Finding("schema/id", "error", at, message, hint)
        seen.add(block.id)


def check_body(document: Document, blocks: Sequence[Block], keys: Keys) -> Iterator[Finding]:
    """Findings on the blocks of a body: an article among them is a teaser without a page of its own."""
    for index, block in enumerate(blocks):
        if isinstance(block, Article) and block.body is not None:
            at = document.at_key((*keys, index, "body"))
            message = phrase("an article inside a body cannot have a body itself")
            hint = phrase("move the article to `content`, or give it a `link` instead")
            yield Finding("schema/nested-body", "error", at, message, hint)
