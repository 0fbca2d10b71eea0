"""Rules over a dossier; severities as the settings want them; comments that silence a finding."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from ruhrmail.check.dossier import Dossier
from ruhrmail.check.equipment import Equipment
from ruhrmail.check.ignore import Ignore, find_ignores
from ruhrmail.check.rule import Rule
from ruhrmail.config import Config
from ruhrmail.config.check import CheckSettings
from ruhrmail.model.finding import Finding, in_order, names_of
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.source import Document
from ruhrmail.source.document import mask_login

FIRM = ("yaml/", "schema/", "config/", "csv/", "template/")
"""What cannot be built or sent stays an error, whatever the settings say."""


def run(dossier: Dossier, rules: Sequence[Rule], settings: CheckSettings) -> list[Finding]:
    """What the rules find in an issue, each with the severity that the settings give it, in the order of the file."""
    wanted = [rule for rule in rules if settings.rules.get(rule.id) != "off" and is_equipped(rule, dossier.equipment)]
    return in_order(grade((found for rule in wanted for found in rule.find(dossier)), settings.rules))


def is_equipped(rule: Rule, equipment: Equipment) -> bool:
    """True where all that the rule needs is at hand."""
    return rule.needs is None or rule.needs in equipment.kinds


def settle(
    findings: Iterable[Finding],
    documents: Sequence[Document],
    config: Config,
    known: Collection[str],
    idle: Collection[str] = (),
) -> list[Finding]:
    """The findings on a whole project in order: graded, without those that a comment silences, with those on the
    comments and on the settings. `documents` are the files that were checked to their end, `known` the ids of all
    rules, `idle` those of rules that could not run: a comment that silences one of these may be of use another time."""
    graded = list(grade(findings, config.settings.check.rules))
    ignores = [one for document in documents for one in find_ignores(document)]
    kept, used = silence(graded, ignores)
    kept += unknown_rules(config, known)
    kept += (found for one in ignores if one not in used and one.rule not in idle for found in judge(one, known))
    return in_order(grade(kept, config.settings.check.rules))


def grade(findings: Iterable[Finding], levels: Mapping[str, str]) -> Iterator[Finding]:
    """The findings with the severities of the settings; those of rules that are off are left out."""
    for finding in map(without_logins, findings):
        level = next((levels[name] for name in names_of(finding.rule) if name in levels), None)
        if level is None or finding.rule.startswith(FIRM):
            yield finding
        elif level in ("error", "warning", "info"):
            yield replace(finding, severity=level)  # type: ignore[arg-type]


def without_logins(finding: Finding) -> Finding:
    """The finding without the passwords of addresses it names."""
    return replace(finding, message=masked(finding.message), hint=masked(finding.hint) if finding.hint else None)


def masked(words: Phrase) -> Phrase:
    """A phrase whose values hold no password."""
    values = {name: mask_login(value) if isinstance(value, str) else value for name, value in words.values.items()}
    return replace(words, values=values)


def silence(findings: Iterable[Finding], ignores: Sequence[Ignore]) -> tuple[list[Finding], set[Ignore]]:
    """The findings that no comment covers, and the comments that covered one."""
    kept, used = [], set()
    for finding in findings:
        covering = [one for one in ignores if one.covers(finding)]
        used.update(covering)
        if not covering:
            kept.append(finding)
    return kept, used


def unknown_rules(config: Config, known: Collection[str]) -> Iterator[Finding]:
    """The settings for rules that do not exist."""
    for name in config.settings.check.rules:
        if name not in known:
            yield unknown(name, config.document.at_key(("check", "rules", name)), known)


def judge(ignore: Ignore, known: Collection[str]) -> Iterator[Finding]:
    """What is wrong with a comment that silenced nothing."""
    if ignore.rule not in known:
        yield unknown(ignore.rule, ignore.at, known)
        return
    message = phrase("nothing here to ignore for {rule}", rule=ignore.rule)
    yield Finding("check/unused-ignore", "warning", ignore.at, message, phrase("delete the comment"))


def unknown(name: str, at: Location, known: Collection[str]) -> Finding:
    """The finding for an id that no rule has."""
    message = phrase("there is no rule {rule}", rule=name) if name else phrase("the comment names no rule")
    return Finding("check/unknown-id", "warning", at, message, nearest(name, known))


def nearest(name: str, known: Collection[str]) -> Phrase:
    """The hint that guesses which rule was meant."""
    near = get_close_matches(name, known, n=1)
    return phrase("did you mean {word}?", word=near[0]) if near else phrase("ruhrmail check --rules lists them all")
