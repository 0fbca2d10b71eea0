"""What the schema cannot say: ids that are unique, a preheader that is there."""

from collections import Counter
from collections.abc import Iterator

from ruhrmail.model.blocks import Article
from ruhrmail.model.finding import Finding
from ruhrmail.model.issue import Issue
from ruhrmail.model.phrase import phrase
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
