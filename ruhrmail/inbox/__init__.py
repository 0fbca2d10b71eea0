"""A local catch-all SMTP server that keeps what it gets, to try things out."""

from ruhrmail.inbox.keep import list_inbox
from ruhrmail.inbox.run import run_inbox
from ruhrmail.inbox.summary import Summary

__all__ = ["Summary", "list_inbox", "run_inbox"]
