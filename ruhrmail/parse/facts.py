"""What the schema cannot say: ids that are unique, a preheader that is there, variants that somebody can survey."""

from collections.abc import Iterator, Sequence

from ruhrmail.model.blocks import FIXED_PAGES, Article, Block
from ruhrmail.model.finding import Finding
from ruhrmail.model.issue import Issue
from ruhrmail.model.phrase import phrase
from ruhrmail.model.variants import MAX_VARIANTS, TooManyVariants, find_variants
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
    yield from check_variants(document, issue)
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


def check_variants(document: Document, issue: Issue) -> Iterator[Finding]:
    """Findings on who sees which blocks."""
    at = document.at_key(("content",))
    try:
        variants = find_variants(block.condition for block in issue.content)
    except TooManyVariants:
        message = phrase("the tags in only_for and not_for make more than {count} different mails", count=MAX_VARIANTS)
        yield Finding("schema/variants", "error", at, message, phrase("use fewer tags, or give blocks the same ones"))
        return
    for name in variants.names.values():
        if not any(variants.shown(name, block.condition) for block in issue.content):
            if name:
                message = phrase("readers with the tag {tags} would get an empty mail", tags=name.replace("+", ", "))
            else:
                message = phrase("readers without tags would get an empty mail")
            yield Finding("schema/variants", "error", at, message, phrase("add a block for everybody"))
    for number, block in enumerate(issue.content):
        if not any(variants.shown(name, block.condition) for name in variants.names.values()):
            where = document.at_value(("content", number, "only_for"))
            message = phrase("nobody sees this block: every tag of only_for stands in not_for too")
            yield Finding("schema/variants", "warning", where, message, phrase("take the tag out of one of the two"))
