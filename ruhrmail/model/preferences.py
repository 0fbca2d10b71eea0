"""What people choose themselves: topics, language, and the address that their mail goes to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ruhrmail.model.consent import Suppression
from ruhrmail.model.variants import fold_tag


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody ticked on their page: topics by their tags, and a language (empty: none, as before)."""

    topics: Sequence[str]
    language: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose. Of the tags in `offered` they have those in `topics` and no other; `language` is empty for
    the list's own."""

    offered: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    language: str = ""

    def tags(self, listed: Iterable[str]) -> tuple[str, ...]:
        """Their tags, by those that a file gives them: what was not offered is the file's."""
        offered = {fold_tag(tag) for tag in self.offered}
        return (*(tag for tag in listed if fold_tag(tag) not in offered), *self.topics)

    def anew(self, offered: Sequence[str], chosen: Chosen) -> "Choice":
        """The choice after another one; about what is no longer offered the earlier one holds."""
        now, wanted = {fold_tag(tag) for tag in offered}, {fold_tag(tag) for tag in chosen.topics}
        topics = tuple(tag for tag in offered if fold_tag(tag) in wanted)
        return Choice(
            (*offered, *(tag for tag in self.offered if fold_tag(tag) not in now)),
            (*topics, *(tag for tag in self.topics if fold_tag(tag) not in now)),
            chosen.language or self.language,
        )


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as a page shows it; `chosen` says whether the person has it."""

    tag: str
    label: str
    description: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person's page shows: the address, mostly hidden (`l…@newsletter.example`), the language that they read
    (`de` or `en`) and the topics. `gone`: they are off the list. `leave` is the path of the way out."""

    address: str
    language: str
    topics: Sequence[Topic]
    gone: bool
    leave: str


@dataclass(frozen=True, slots=True)
class AddressWish:
    """What is known when somebody gives a new address.

    `same`: it is theirs already. `wrote`: within a day they gave one, or somebody gave this one. `known`: it is stored,
    for more than a request that nobody confirmed. `suppression` is that of the new address.
    """

    same: bool
    wrote: bool
    known: bool
    suppression: Suppression | None = None


@dataclass(frozen=True, slots=True)
class AddressRequest:
    """What is known when the link in the mail to a new address is used: when it was asked for (UTC), whether it was
    done or another request followed, whether the person is on the list still, and about the address as above."""

    asked_at: datetime
    done: bool
    replaced: bool
    active: bool
    known: bool
    suppression: Suppression | None = None


@dataclass(frozen=True, slots=True)
class AddressChange:
    """A new address that somebody gave, when, and when it began to count (None: it does not); `former` is the key of
    the address before it. Times are UTC."""

    email: str
    asked_at: datetime
    done_at: datetime | None = None
    former: str = ""


class Stage(StrEnum):
    """What the link that confirms a new address can do, or did."""

    OPEN = "open"
    """It can be used: the button is still to be pressed."""
    DONE = "done"
    """The mail goes to the new address, since now or since an earlier click."""
    TAKEN = "taken"
    """The new address is on the list by itself meanwhile; nothing was changed."""
    LATE = "late"
    """Too old, replaced by a later request, or whoever asked is no longer on the list."""


@dataclass(frozen=True, slots=True)
class Moving:
    """What the page behind such a link shows: the new address, mostly hidden, and the person's language (`de` or
    `en`)."""

    address: str
    language: str
    stage: Stage
