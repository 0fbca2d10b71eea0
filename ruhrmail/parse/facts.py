"""What the schema cannot say: ids that are unique, a preheader that is there, variants that somebody can survey."""

from collections import Counter
from collections.abc import Iterator

from ruhrmail.model.blocks import Article
from ruhrmail.model.finding import Finding
from ruhrmail.model.issue import Issue
from ruhrmail.model.phrase import phrase
from ruhrmail.model.variants import MAX_VARIANTS, TooManyVariants, find_variants
from ruhrmail.source import Document


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
    ids = [(index, block.id) for index, block in enumerate(issue.content) if isinstance(block, Article) and block.id]
    twice = {name for name, count in Counter(name for _, name in ids).items() if count > 1}
    for index, name in ids:
        if name in twice and (index, name) != next(one for one in ids if one[1] == name):
            yield Finding(
                "schema/id",
                "error",
                document.at_value(("content", index, "id")),
                phrase("the id {value} stands here a second time", value=name),
                phrase("choose another one"),
            )


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
