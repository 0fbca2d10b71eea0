"""ruhrmail.yaml and the environment to Config; the only reader of the environment."""

from ruhrmail.config.dkim import are_aligned, key_variable, read_selector
from ruhrmail.config.load import CONFIG_NAME, STATE_FOLDER, Config, find_project, load_config
from ruhrmail.config.mailbox_list import Seed, log_in_mailbox
from ruhrmail.config.mailboxes import Imap, Mailbox, parse_mailbox
from ruhrmail.config.relays import DomainLimit, Rate, Refusals, Relay
from ruhrmail.config.settings import Settings

__all__ = [
    "CONFIG_NAME",
    "STATE_FOLDER",
    "Config",
    "DomainLimit",
    "Imap",
    "Mailbox",
    "Rate",
    "Refusals",
    "Relay",
    "Seed",
    "Settings",
    "are_aligned",
    "find_project",
    "key_variable",
    "load_config",
    "log_in_mailbox",
    "parse_mailbox",
    "read_selector",
]
