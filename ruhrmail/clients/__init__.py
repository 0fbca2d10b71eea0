"""What mail clients show and what they drop: caniemail.com's tests, and the features that a mail uses.

The data is reduced from https://www.caniemail.com, Copyright (c) 2019 HTeuMeuLeu, MIT License (see `caniemail.json`).
"""

from ruhrmail.clients.enhancements import ENHANCEMENTS
from ruhrmail.clients.find import Unsupported, find_unsupported, unsupported_in
from ruhrmail.clients.share import name_clients, spread_shares
from ruhrmail.clients.support import Client, Feature, choose_clients, read_support
from ruhrmail.clients.use import Use, find_uses
from ruhrmail.clients.written import written_as

__all__ = [
    "ENHANCEMENTS",
    "Client",
    "Feature",
    "Unsupported",
    "Use",
    "choose_clients",
    "find_unsupported",
    "find_uses",
    "name_clients",
    "read_support",
    "spread_shares",
    "unsupported_in",
    "written_as",
]
