"""CSV as people have it to people and complaints, row by row."""

from ruhrmail.roster.address import Address, read_address
from ruhrmail.roster.columns import name_column
from ruhrmail.roster.people import split_tags
from ruhrmail.roster.read import Proven, Reading, Roster, has_consent, nobody, open_roster
from ruhrmail.roster.seen import Seen

__all__ = [
    "Address",
    "Proven",
    "Reading",
    "Roster",
    "Seen",
    "has_consent",
    "name_column",
    "nobody",
    "open_roster",
    "read_address",
    "split_tags",
]
