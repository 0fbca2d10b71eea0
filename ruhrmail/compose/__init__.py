"""Edition to PreparedMessage to Message: MIME once, merge where recipients differ."""

from ruhrmail.compose.merge import Filling, Merger, merge, name_message, names_token, sample
from ruhrmail.compose.prepare import Headers, prepare, redate
from ruhrmail.compose.values import SAMPLE_PERSON, fill_html, fill_subject, fill_text

__all__ = [
    "SAMPLE_PERSON",
    "Filling",
    "Headers",
    "Merger",
    "fill_html",
    "fill_subject",
    "fill_text",
    "merge",
    "name_message",
    "names_token",
    "prepare",
    "redate",
    "sample",
]
