"""The editor's desk: a local page that shows issues as they are being written."""

from ruhrmail.preview.desk import Desk, Inbox
from ruhrmail.preview.serve import run_preview

__all__ = ["Desk", "Inbox", "run_preview"]
