"""An account to a page that stands by itself: no script, nothing fetched, light, dark and on paper."""

from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from ruhrmail.model.account import Account, Advice
from ruhrmail.model.bounce import KIND_WORDS, Kind
from ruhrmail.model.ledger import State
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.report import exhibits
from ruhrmail.report.exhibits import Table
from ruhrmail.report.wording import Wording
from ruhrmail.report.words import OUTCOME_WORDS


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure large: its class of colour, its words, and what part of the whole it is."""

    kind: str
    words: str
    number: str
    share: str


def write_page(account: Account, advice: tuple[Advice, ...], wording: Wording) -> str:
    """The whole page, in the reader's language."""
    environment = Environment(
        loader=PackageLoader("ruhrmail.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    template = environment.get_template("report.html.j2")
    return template.render(
        t=lambda text, **values: wording.say(Phrase(text, values)),
        w=wording,
        account=account,
        result=account.result,
        figures=account.result.figures,
        state=wording.say(STATES[account.result.figures.state]),
        advice=[(one, wording.say(one.text)) for one in advice],
        tiles=list(tiles(account, wording)),
        outcome=exhibits.outcome(account, wording),
        pace=exhibits.pace(account.pace, wording) if account.pace and account.pace.total else None,
        aftermath=exhibits.aftermath(account, wording),
        domains=exhibits.domains(account, wording) if account.domains or account.rest else None,
        reasons=exhibits.reasons(account, wording),
        comparison=exhibits.comparison(account, wording),
        returned=returned_table(account, wording),
        variants=variant_table(account, wording),
    )


def tiles(account: Account, wording: Wording) -> Iterator[Tile]:
    """The figures that everybody asks for first."""
    figures, result = account.result.figures, account.result
    states = {
        "sent": State.SENT, "deferred": State.DEFERRED, "failed": State.FAILED, "doubt": State.IN_DOUBT,
    }  # fmt: skip
    for kind, state in states.items():
        count = figures.counts[state]
        yield Tile(kind, wording.say(OUTCOME_WORDS[kind]), wording.number(count),
                   wording.share(count, figures.recipients))  # fmt: skip
    later = {
        "bounced": (phrase("came back"), figures.bounced),
        "complained": (phrase("complaints"), figures.complained),
        "left": (phrase("left"), result.left),
    }
    for kind, (words, count) in later.items():
        yield Tile(kind, wording.say(words), wording.number(count), wording.share(count, result.sent))


def returned_table(account: Account, wording: Wording) -> Table | None:
    """From how many people something of each kind came back; None for nothing."""
    found = {kind: count for kind, count in (account.returned or {}).items() if count}
    if not found:
        return None
    rows = sorted(found.items(), key=lambda item: -item[1])
    head = exhibits.heads(wording, phrase("kind"), phrase("recipients"), phrase("share"))
    return Table(
        wording.say(phrase("What came back, by kind")),
        head,
        tuple((wording.say(KIND_WORDS[Kind(kind)]), wording.number(count), wording.share(count, account.result.sent))
              for kind, count in rows),
    )  # fmt: skip


def variant_table(account: Account, wording: Wording) -> Table | None:
    """How many got each variant; None where all got the same."""
    if not account.variants:
        return None
    head = exhibits.heads(wording, phrase("variant"), phrase("recipients"), phrase("share"))
    rest = wording.say(phrase("(rest)"))
    rows = tuple(
        (name or rest, wording.number(count), wording.share(count, account.result.figures.recipients))
        for name, count in account.variants.items()
    )
    return Table(wording.say(phrase("Variants")), head, rows)


STATES = {"open": phrase("open"), "complete": phrase("complete"), "stopped": phrase("stopped")}
