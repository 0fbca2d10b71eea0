"""Issues, articles and events as search engines read them (JSON-LD with the words of schema.org)."""

import json
from collections.abc import Mapping

from ruhrmail.archive.masthead import Masthead, path_of, picture_path
from ruhrmail.model.archive import Happening, Leaf, Story


def describe(masthead: Masthead, leaf: Leaf, page: str) -> str:
    """What stands on a page of an issue, ready to stand in a `<script>`: its article, and on the first its events."""
    story = next((one for one in leaf.about.stories if one.place == page), None)
    graph = [
        article(masthead, leaf, story),
        *([] if story else [event(masthead, leaf, one) for one in leaf.about.happenings]),
    ]
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e")


def article(masthead: Masthead, leaf: Leaf, story: Story | None) -> Mapping[str, object]:
    """The issue as a whole, or one of its articles."""
    return {
        "@type": "NewsArticle",
        "headline": story.title if story else leaf.about.title,
        "description": story.text if story else leaf.about.text,
        "datePublished": leaf.date.isoformat(),
        "inLanguage": leaf.about.language,
        "url": masthead.address(path_of(leaf, story.place if story else "")),
        "image": masthead.address(picture_path(leaf.slug)),
        "publisher": {"@type": "Organization", "name": masthead.organisation},
        **({"articleSection": story.kicker} if story and story.kicker else {}),
    }


def event(masthead: Masthead, leaf: Leaf, happening: Happening) -> Mapping[str, object]:
    """One date of an event."""
    return {
        "@type": "Event",
        "name": happening.title,
        "startDate": happening.start,
        "url": masthead.address(path_of(leaf)),
        **({"endDate": happening.end} if happening.end else {}),
        **(
            {"location": {"@type": "Place", "name": happening.place, "address": happening.place}}
            if happening.place
            else {}
        ),
    }
