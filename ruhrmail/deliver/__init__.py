"""Message to attempt: the only room that speaks SMTP."""

from ruhrmail.deliver.connection import deliver_one
from ruhrmail.deliver.dial import Dialling, connect
from ruhrmail.deliver.drain import drain
from ruhrmail.deliver.events import (
    Drained,
    Event,
    OnEvent,
    Progress,
    RelayTrouble,
    RelayWorks,
    Slowed,
    Tried,
    Waiting,
    Working,
)
from ruhrmail.deliver.ledger import Ledger
from ruhrmail.deliver.policy import Past, Policy, result_of
from ruhrmail.deliver.probe import probe_relay
from ruhrmail.deliver.stop import Stop

__all__ = [
    "Dialling",
    "Drained",
    "Event",
    "Ledger",
    "OnEvent",
    "Past",
    "Policy",
    "Progress",
    "RelayTrouble",
    "RelayWorks",
    "Slowed",
    "Stop",
    "Tried",
    "Waiting",
    "Working",
    "connect",
    "deliver_one",
    "drain",
    "probe_relay",
    "result_of",
]
