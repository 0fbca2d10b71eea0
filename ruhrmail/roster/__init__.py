"""CSV as people have it to people and complaints, row by row."""

from ruhrmail.roster.address import Address, read_address
from ruhrmail.roster.read import Roster, open_roster

__all__ = ["Address", "Roster", "open_roster", "read_address"]
