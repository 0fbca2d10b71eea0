"""An issue as one reader gets it, and what is different in another variant, for another reader, or in what was sent."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ruhrmail.compare import Comparison, compare_texts
from ruhrmail.errors import RuhrmailError
from ruhrmail.flows.proof_mail import Chosen
from ruhrmail.model.phrase import Phrase, phrase

if TYPE_CHECKING:
    from ruhrmail.flows.sent import SentMail


@dataclass(frozen=True, slots=True)
class Side:
    """One of two mails: what it is called, and its words."""

    label: Phrase
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Differences:
    """What is different: `left` is what one compares with."""

    left: Side
    right: Side
    comparison: Comparison


def compare_sides(left: Side, right: Side) -> Differences:
    """Subjects and texts of two mails, compared."""
    return Differences(left, right, compare_texts(f"{left.subject}\n\n{left.text}", f"{right.subject}\n\n{right.text}"))


def side_of(chosen: Chosen) -> Side:
    """An issue as it is now."""
    label = phrase(
        "{slug}, {variant}, {reader}",
        slug=chosen.edition.slug,
        variant=chosen.edition.variant or phrase("for readers without tags"),
        reader=chosen.reader.label,
    )
    return Side(label, chosen.subject, chosen.text)


def sent_side(sent: "SentMail") -> Side:
    """A mailing as it went out."""
    variant = sent.variant or phrase("for readers without tags")
    return Side(phrase("sent: {name}, {variant}", name=sent.mailing.name, variant=variant), sent.subject, sent.text)


def no_such_side(name: str) -> RuhrmailError:
    """The error for what nothing can be compared with."""
    return RuhrmailError(
        phrase("there is nothing called {name} to compare with", name=name[:100]),
        hint=phrase("a variant, a reader, another issue or a mailing"),
    )
