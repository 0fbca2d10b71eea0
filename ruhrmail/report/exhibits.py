"""Figures to plots, each with the table of the same figures."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ruhrmail.model.account import Account, Curve, Domain, Ground, Result
from ruhrmail.model.ledger import State
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.report.plot import Bar, Caption, Part, Series, heights, in_both_widths, plot_bars, plot_columns
from ruhrmail.report.wording import Wording, readable
from ruhrmail.report.words import AFTER_WORDS, GROUND_WORDS, OUTCOME_WORDS, OUTCOMES

REFUSED_COLOURS = {State.FAILED: "failed", State.DEFERRED: "deferred"}


@dataclass(frozen=True, slots=True)
class Table:
    """Figures in rows: the first cell of each names it, the others are numbers, with `words` the last is a text; `mark`
    is the row that stands out."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    mark: int = -1
    words: bool = False


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A plot (SVG), what its colours mean (class and words), and its table; `open`: the table is shown at once."""

    plot: str
    legend: tuple[tuple[str, str], ...]
    table: Table
    open: bool = False


def by_outcome(counts: Mapping[State, int]) -> dict[str, int]:
    """The states as a report tells them."""
    return {name: sum(counts.get(state, 0) for state in states) for name, states in OUTCOMES.items()}


def outcome(account: Account, wording: Wording) -> Exhibit:
    """Where the recipients stand: one bar."""
    figures = account.result.figures
    found = {name: count for name, count in by_outcome(figures.counts).items() if count}
    words = {name: wording.say(OUTCOME_WORDS[name]) for name in found}
    parts = tuple(Part(count, name, f"{words[name]}: {wording.number(count)}") for name, count in found.items())
    title = wording.say(phrase("Where the recipients stand"))
    said = ", ".join(part.words for part in parts)
    rows = tuple(
        (words[name], wording.number(count), wording.share(count, figures.recipients)) for name, count in found.items()
    )
    bar = Bar(wording.say(phrase("recipients")), parts, wording.number(figures.recipients))
    head = heads(wording, phrase("state"), phrase("recipients"), phrase("share"))
    plot = in_both_widths(lambda sheet: plot_bars(Caption("outcome", title, said), [bar], sheet))
    return Exhibit(plot, tuple(words.items()), Table(title, head, rows), open=True)


def pace(curve: Curve, wording: Wording) -> Exhibit:
    """How many were sent in each span of time."""
    length = wording.lasting(curve.width)
    title = wording.say(phrase("Sent in spans of {length}", length=length))
    most = max(curve.counts)
    rate = most / curve.width.total_seconds()
    said = wording.say(phrase("Together {total}; most in one span: {most}, that is {rate} a second.",
                              total=curve.total, most=most, rate=round(rate, 1)))  # fmt: skip
    words = wording.say(OUTCOME_WORDS["sent"])
    return over_time(Caption("pace", title, said), curve, [Series("sent", words, curve.counts)], wording)


def aftermath(account: Account, wording: Wording) -> Exhibit | None:
    """What came back, complaints and leaving since the beginning; None where there was nothing."""
    curves = {"bounced": account.returns, "complained": account.complaints, "left": account.leaving}
    series = [
        Series(name, wording.say(AFTER_WORDS[name]), curve.counts) for name, curve in curves.items() if curve
    ]  # fmt: skip
    if account.returns is None:
        return None
    length = wording.lasting(account.returns.width)
    title = wording.say(phrase("What came afterwards, in spans of {length}", length=length))
    said = ", ".join(f"{one.words}: {wording.number(sum(one.counts))}" for one in series)
    return over_time(Caption("aftermath", title, said), account.returns, series, wording)


def over_time(caption: Caption, curve: Curve, series: Sequence[Series], wording: Wording) -> Exhibit:
    """A plot of columns and its table, of which spans without anything are left out."""
    ticks = [wording.tick(curve.start + number * curve.width, curve.width) for number in range(len(curve.counts))]
    numbers = [wording.number(mark) for mark in heights(series)]
    plot = in_both_widths(lambda sheet: plot_columns(caption, series, ticks, numbers, sheet))
    rows = tuple(
        (tick, *(wording.number(one.counts[number]) for one in series))
        for number, tick in enumerate(ticks)
        if any(one.counts[number] for one in series)
    )
    head = (wording.say(phrase("from")), *(one.words for one in series))
    legend = tuple((one.kind, one.words) for one in series) if len(series) > 1 else ()
    return Exhibit(plot, legend, Table(caption.title, head, rows))


def domains(account: Account, wording: Wording) -> Exhibit:
    """What became of the recipients of each receiving domain."""
    title = wording.say(phrase("Receiving domains"))
    lines = [(readable(one.name), one) for one in account.domains]
    if account.rest is not None:
        others = phrase("other domains: {count}", count=account.others)
        lines.append((wording.say(others), account.rest))
    used = [name for name in OUTCOMES if any(by_outcome(one.counts)[name] for _, one in lines)]
    words = {name: wording.say(OUTCOME_WORDS[name]) for name in used}
    bars = [Bar(label, domain_parts(one, words, wording), wording.number(one.recipients)) for label, one in lines]
    said = wording.say(phrase("Each bar is one domain, its parts are shares of its recipients."))
    head = (*heads(wording, phrase("domain"), phrase("recipients")), *words.values(),
            *(wording.say(one) for one in AFTER_WORDS.values()))  # fmt: skip
    rows = tuple((label, *domain_cells(one, used, wording)) for label, one in lines)
    plot = in_both_widths(lambda sheet: plot_bars(Caption("domains", title, said), bars, sheet, full=True))
    return Exhibit(plot, tuple(words.items()), Table(title, head, rows))


def domain_parts(one: Domain, words: Mapping[str, str], wording: Wording) -> tuple[Part, ...]:
    """The pieces of a domain's bar."""
    counts = by_outcome(one.counts)
    return tuple(Part(counts[name], name, f"{said}: {wording.number(counts[name])}") for name, said in words.items())


def domain_cells(one: Domain, used: Sequence[str], wording: Wording) -> Iterator[str]:
    """The cells of a domain's row."""
    counts = by_outcome(one.counts)
    numbers = (one.recipients, *(counts[name] for name in used), one.bounced, one.complained, one.left)
    yield from (wording.number(number) for number in numbers)


def reasons(account: Account, wording: Wording) -> Exhibit | None:
    """Why recipients were refused; None where nobody was."""
    if not account.refusals:
        return None
    found: dict[Ground, Counter[str]] = {}
    for one in account.refusals:
        found.setdefault(one.ground, Counter())[REFUSED_COLOURS[one.state]] += one.count
    words = {
        "failed": wording.say(phrase("refused for good")),
        "deferred": wording.say(phrase("refused for now")),
    }  # fmt: skip
    used = {name: said for name, said in words.items() if any(counts[name] for counts in found.values())}
    bars = [
        Bar(
            wording.say(GROUND_WORDS[ground]),
            tuple(Part(counts[name], name, f"{said}: {wording.number(counts[name])}") for name, said in used.items()),
            wording.number(counts.total()),
        )
        for ground, counts in sorted(found.items(), key=lambda item: -item[1].total())
    ]
    title = wording.say(phrase("Reasons of refusals"))
    said = ", ".join(f"{bar.label}: {bar.note}" for bar in bars)
    plot = in_both_widths(lambda sheet: plot_bars(Caption("reasons", title, said), bars, sheet))
    return Exhibit(plot, tuple(used.items()), refusal_table(account, words, wording), open=True)


def refusal_table(account: Account, words: Mapping[str, str], wording: Wording) -> Table:
    """Refusals by code."""
    head = heads(wording, phrase("reason"), phrase("code"), phrase("state"), phrase("recipients"),
                 phrase("domains"), phrase("what several were told"))  # fmt: skip
    rows = tuple(
        (
            wording.say(GROUND_WORDS[one.ground]),
            f"{one.code or '–'} {one.enhanced_code}".strip(),
            words[REFUSED_COLOURS[one.state]],
            wording.number(one.count),
            wording.number(one.domains),
            one.text,
        )
        for one in account.refusals
    )
    return Table(wording.say(phrase("Refusals by code")), head, rows, words=True)


def comparison(account: Account, wording: Wording) -> Exhibit | None:
    """This mailing beside earlier ones, in the order of time; None for the first."""
    if not account.earlier:
        return None
    results = [*reversed(account.earlier), account.result]
    title = wording.say(phrase("Compared with earlier mailings"))
    kinds = {
        "sent": phrase("sent, and not returned"),
        "failed": phrase("refused or came back"),
        "other": phrase("open or left out"),
    }
    words = {name: wording.say(said) for name, said in kinds.items()}
    bars = [
        Bar(one.figures.mailing, result_parts(one, words, wording), wording.number(one.figures.recipients),
            strong=one is account.result) for one in results
    ]  # fmt: skip
    said = wording.say(phrase("Each bar is one mailing, the last one is this; its length is the number of recipients."))
    head = heads(wording, phrase("mailing"), phrase("begun"), phrase("recipients"), phrase("sent"), phrase("refused"),
                 phrase("in doubt"), phrase("came back"), phrase("complaints"), phrase("left"),
                 phrase("took"))  # fmt: skip
    rows = tuple(tuple(result_cells(one, wording)) for one in results)
    plot = in_both_widths(lambda sheet: plot_bars(Caption("comparison", title, said), bars, sheet))
    return Exhibit(plot, tuple(words.items()), Table(title, head, rows, mark=len(rows) - 1), open=True)


def result_parts(one: Result, words: Mapping[str, str], wording: Wording) -> tuple[Part, ...]:
    """The pieces of a mailing's bar: what arrived as far as anybody knows, what did not, and the others."""
    lost = one.figures.counts[State.FAILED] + one.figures.bounced
    reached = max(one.sent - one.figures.bounced, 0)
    counts = {"sent": reached, "failed": lost, "other": max(one.figures.recipients - reached - lost, 0)}
    return tuple(Part(count, name, f"{words[name]}: {wording.number(count)}") for name, count in counts.items())


def result_cells(one: Result, wording: Wording) -> Iterator[str]:
    """The cells of a mailing's row; what came back and who left as shares of those sent."""
    figures = one.figures
    yield figures.mailing
    yield wording.day(figures.started_at) if figures.started_at else "–"
    yield wording.number(figures.recipients)
    yield wording.number(one.sent)
    yield wording.share(figures.counts[State.FAILED], figures.recipients)
    yield wording.number(figures.counts[State.IN_DOUBT])
    for count in (figures.bounced, figures.complained, one.left):
        yield wording.share(count, one.sent)
    yield wording.lasting(one.lasted) if one.lasted is not None else "–"


def heads(wording: Wording, *names: Phrase) -> tuple[str, ...]:
    """Headlines of columns."""
    return tuple(wording.say(one) for one in names)
