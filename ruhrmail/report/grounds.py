"""Codes of refusals to what they mean, and groups of recipients to lines of a report."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ruhrmail.model.account import Domain, Ground, Group, Refused
from ruhrmail.model.ledger import State

REFUSED = (State.FAILED, State.DEFERRED)
MOST_DOMAINS = 20
FEW = 5
"""A receiving domain with fewer recipients is not named."""
BY_STATUS: Mapping[str, Ground] = {
    "1.0": Ground.UNKNOWN,
    "1.1": Ground.UNKNOWN,
    "1.2": Ground.UNKNOWN,
    "1.3": Ground.UNKNOWN,
    "1.6": Ground.UNKNOWN,
    "1.10": Ground.UNKNOWN,
    "2.1": Ground.UNKNOWN,
    "2.2": Ground.FULL,
    "2.3": Ground.SIZE,
    "3.1": Ground.FULL,
    "3.4": Ground.SIZE,
    "4.1": Ground.UNREACHED,
    "4.2": Ground.UNREACHED,
    "4.4": Ground.UNKNOWN,
    "4.5": Ground.LATER,
}
"""What the second and third number of an enhanced status code mean (RFC 3463, RFC 7505)."""
BY_CODE: Mapping[int, Ground] = {
    450: Ground.LATER, 451: Ground.LATER, 421: Ground.LATER, 452: Ground.LATER, 550: Ground.OTHER,
    551: Ground.UNKNOWN, 552: Ground.SIZE, 556: Ground.UNKNOWN,
}  # fmt: skip
POLICY = "7."
LEAST_TEMPORARY, LEAST_PERMANENT = 400, 500


def ground_of(code: int | None, enhanced_code: str) -> Ground:
    """Why somebody was refused, by reply code and enhanced status code ("5.1.1", or empty)."""
    if code is None:
        return Ground.UNREACHED
    detail = enhanced_code.partition(".")[2]
    if detail.startswith(POLICY):
        return Ground.LATER if LEAST_TEMPORARY <= code < LEAST_PERMANENT and detail == "7.1" else Ground.BLOCKED
    return BY_STATUS.get(detail) or BY_CODE.get(code, Ground.OTHER)


def sum_refusals(groups: Sequence[Group]) -> tuple[Refused, ...]:
    """The refused by code and state, the most frequent first."""
    alike: dict[tuple[State, int | None, str], list[Group]] = defaultdict(list)
    for one in groups:
        if one.state in REFUSED:
            alike[one.state, one.code, one.enhanced_code].append(one)
    found = (refused_of(*key, own) for key, own in alike.items())
    return tuple(sorted(found, key=lambda one: (-one.count, one.code or 0, one.enhanced_code)))


def refused_of(state: State, code: int | None, enhanced_code: str, groups: Sequence[Group]) -> Refused:
    """One line: the words are those that most heard."""
    words: Counter[str] = Counter()
    for one in groups:
        words[one.text] += one.count if one.text else 0
    text = max(words, key=lambda word: (words[word], word), default="")
    domains = len({one.domain for one in groups})
    return Refused(
        state, ground_of(code, enhanced_code), code, enhanced_code, sum(g.count for g in groups), domains, text
    )


def sum_domains(
    groups: Sequence[Group], bounced: Mapping[str, int], complained: Mapping[str, int], left: Mapping[str, int]
) -> tuple[Domain, ...]:
    """What became of each receiving domain's recipients, the largest first."""
    counts: dict[str, Counter[State]] = defaultdict(Counter)
    blocked: Counter[str] = Counter()
    for one in groups:
        counts[one.domain][one.state] += one.count
        if one.state in REFUSED and ground_of(one.code, one.enhanced_code) is Ground.BLOCKED:
            blocked[one.domain] += one.count
    found = (
        Domain(name, states, bounced.get(name, 0), complained.get(name, 0), left.get(name, 0), blocked[name])
        for name, states in counts.items()
    )
    return tuple(sorted(found, key=lambda one: (-one.recipients, one.name)))


def cut(domains: Sequence[Domain]) -> tuple[tuple[Domain, ...], Domain | None, int]:
    """The largest domains, all others together, and how many those are. One of few recipients is never named: it might
    be somebody's own."""
    named = [one for one in domains if one.name and one.recipients >= FEW][:MOST_DOMAINS]
    others = [one for one in domains if one not in named]
    return tuple(named), together(others) if others else None, len(others)


def together(domains: Sequence[Domain]) -> Domain:
    """Several domains as one without a name."""
    states: Counter[State] = Counter()
    for one in domains:
        states.update(one.counts)
    total = Domain("", states)
    for one in domains:
        total = replace(
            total,
            bounced=total.bounced + one.bounced,
            complained=total.complained + one.complained,
            left=total.left + one.left,
            blocked=total.blocked + one.blocked,
        )
    return total


def count_variants(groups: Sequence[Group]) -> dict[str, int]:
    """How many recipients each variant has, the most first; empty where all got the same."""
    found: Counter[str] = Counter()
    for one in groups:
        found[one.variant] += one.count
    return dict(found.most_common()) if len(found) > 1 else {}
