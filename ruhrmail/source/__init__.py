"""Positioned YAML: a file's text to plain values that remember their line and column."""

from ruhrmail.source.document import Document
from ruhrmail.source.load import load_document, parse_document
from ruhrmail.source.validate import validate

__all__ = ["Document", "load_document", "parse_document", "validate"]
