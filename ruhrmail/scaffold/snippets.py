"""Blocks as an editor inserts them: the keys most of them have, with gaps (`$1`, `$2`) to fill in order."""

from collections.abc import Mapping
from typing import Any

from ruhrmail.model.phrase import Phrase, phrase

PICTURE = {"src": "$2", "alt": "$3"}
LINK = {"url": "$4"}

SNIPPETS: Mapping[str, Mapping[str, Any]] = {
    "editorial": {"salutation": '"{{ greeting }},"', "text": "|\n  $1", "closing": "$2", "author": "$3"},
    "article": {"title": "$1", "text": "|\n  $2", "link": {"url": "$3"}},
    "events": {"title": "$1", "events": [{"title": "$2", "start": "$3", "place": "$4"}]},
    "heading": {"text": "$1"},
    "text": {"text": "|\n  $1"},
    "image": {"src": "$1", "alt": "$2", "credit": "$3"},
    "gallery": {"images": [{"src": "$1", "alt": "$2"}, {"src": "$3", "alt": "$4"}]},
    "quote": {"text": "$1", "author": "$2"},
    "button": {"url": "$1", "label": "$2"},
    "contents": {},
    "related": {"title": "$1", "cards": [{"title": "$2", "link": {"url": "$3"}}]},
    "figures": {"figures": [{"value": "$1", "label": "$2"}, {"value": "$3", "label": "$4"}]},
    "logos": {"logos": [{"src": "$1", "alt": "$2"}]},
    "divider": {},
}

TITLES: Mapping[str, Phrase] = {
    "Editorial": phrase("Editorial"),
    "Article": phrase("Article"),
    "Events": phrase("Events"),
    "Event": phrase("Event"),
    "EventDate": phrase("Date"),
    "Heading": phrase("Heading"),
    "Text": phrase("Text"),
    "Image": phrase("Image"),
    "Gallery": phrase("Gallery"),
    "Quote": phrase("Quotation"),
    "Button": phrase("Button"),
    "Contents": phrase("Table of contents"),
    "Related": phrase("Cards"),
    "Card": phrase("Card"),
    "Figures": phrase("Key numbers"),
    "Figure": phrase("Key number"),
    "Logos": phrase("Logos"),
    "Logo": phrase("Logo"),
    "Divider": phrase("Rule"),
    "Picture": phrase("Picture"),
    "Link": phrase("Link"),
}
"""What blocks and their parts are called."""
