"""What every rule means and what to do about it, in both languages."""

from ruhrmail.rulebook.book import Rule, read_rulebook
from ruhrmail.rulebook.page import Page
from ruhrmail.rulebook.translated import Entry, heading_of, open_page, read_entries, topics

__all__ = ["Entry", "Page", "Rule", "heading_of", "open_page", "read_entries", "read_rulebook", "topics"]
