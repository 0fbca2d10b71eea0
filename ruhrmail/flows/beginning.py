"""The moment in which a mailing begins that was prepared ahead, because workers can prepare none."""

from datetime import datetime

from ruhrmail.compose import redate
from ruhrmail.store import Mailing, Store, begin_with, read_prepared_messages


def date_beginning(store: Store, mailing: Mailing, now: datetime) -> None:
    """Has a mailing begin now, and its messages say so, unless it has recipients already. Raises StoreError.

    A Date of days ago would put the issue below everything that came since in each inbox.
    """
    parts = read_prepared_messages(store, mailing)
    begin_with(store, mailing, {variant: redate(message, now) for variant, message in parts.items()}, now)
