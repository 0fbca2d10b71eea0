"""Message to attempt: the only room that speaks SMTP."""

from ruhrmail.deliver.dial import Dialling, connect
from ruhrmail.deliver.drain import drain
from ruhrmail.deliver.events import Drained, Event, OnEvent, Progress, RelayTrouble, Slowed, Tried, Waiting, Working
from ruhrmail.deliver.journal import Journal, Ledger
from ruhrmail.deliver.policy import Policy
from ruhrmail.deliver.stop import Stop

__all__ = [
    "Dialling",
    "Drained",
    "Event",
    "Journal",
    "Ledger",
    "OnEvent",
    "Policy",
    "Progress",
    "RelayTrouble",
    "Slowed",
    "Stop",
    "Tried",
    "Waiting",
    "Working",
    "connect",
    "drain",
]
