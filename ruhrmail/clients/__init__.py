"""What mail clients show and what they drop: caniemail.com's tests, and the features that a mail uses.

The data is reduced from https://www.caniemail.com, Copyright (c) 2019 HTeuMeuLeu, MIT License (see `caniemail.json`).
"""

from ruhrmail.clients.find import ENHANCEMENTS, Unsupported, find_unsupported
from ruhrmail.clients.support import Client, Feature, choose_clients, read_support
from ruhrmail.clients.use import Use, find_uses

__all__ = [
    "ENHANCEMENTS",
    "Client",
    "Feature",
    "Unsupported",
    "Use",
    "choose_clients",
    "find_unsupported",
    "find_uses",
    "read_support",
]
