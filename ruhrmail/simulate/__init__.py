"""A mail's HTML as mail clients show it: approximations, each of which says that it is one."""

from ruhrmail.simulate.inbox_line import CLIENTS, Cut, InboxLine, cut_line
from ruhrmail.simulate.size import GMAIL_LIMIT, WARNING, Clip, find_clip, mark_clip
from ruhrmail.simulate.styles import DOCTYPE, prefer, rewrite_tags
from ruhrmail.simulate.view import MODES, NOTES, Mode, View, simulate

__all__ = [
    "CLIENTS",
    "DOCTYPE",
    "GMAIL_LIMIT",
    "MODES",
    "NOTES",
    "WARNING",
    "Clip",
    "Cut",
    "InboxLine",
    "Mode",
    "View",
    "cut_line",
    "find_clip",
    "mark_clip",
    "prefer",
    "rewrite_tags",
    "simulate",
]
