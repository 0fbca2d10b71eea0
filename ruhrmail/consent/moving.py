"""The rules of changing one's address: what follows a new one, and what the link in the mail to it does."""

from datetime import datetime, timedelta

from ruhrmail.consent.transitions import LIFTED
from ruhrmail.model.consent import Suppression
from ruhrmail.model.post import PostKind
from ruhrmail.model.preferences import AddressRequest, AddressWish, Stage


def answer_to_wish(wish: AddressWish) -> PostKind | None:
    """Which mail goes to a new address that somebody gave; None for none. The page says the same in all cases.

    An address that is known has a history of its own: whoever it belongs to joins with it, and leaves with the other.
    """
    if wish.same or wish.wrote or is_barred(wish.suppression):
        return None
    return PostKind.TAKEN if wish.known else PostKind.CHANGE


def stage_of(request: AddressRequest, now: datetime, purge: timedelta) -> Stage:
    """What the link of a request can do: once, in time, as long as no later one was made."""
    if request.done:
        return Stage.DONE
    in_time = now - request.asked_at <= purge
    if not in_time or request.replaced or not request.active or is_barred(request.suppression):
        return Stage.LATE
    return Stage.TAKEN if request.known else Stage.OPEN


def is_barred(found: Suppression | None) -> bool:
    """Whether an address may not come back by its owner's word alone."""
    return found is not None and found.reason not in LIFTED
