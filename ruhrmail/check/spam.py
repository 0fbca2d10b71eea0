"""What spam filters hold against the mail."""

from collections.abc import Iterator

from ruhrmail.check.assassin import SpamReport
from ruhrmail.check.dossier import Dossier
from ruhrmail.model.finding import Finding, Severity
from ruhrmail.model.phrase import phrase

WORTH = 0.1
"""Points below which a rule is not worth a word."""
MOST_NAMED = 6


def find_spam_score(dossier: Dossier) -> Iterator[Finding]:
    """SpamAssassin holds the mail for spam, or nearly so (only with `--spam`).

    Why: Many providers filter with its rules or the like; from 5 points on mail is spam. Its rules are asked offline
        and without anybody's own settings, for each variant; the gravest is told. What it says about the way of a
        message is left out, for a sample has none: missing Received lines and relays, dates in the past or future,
        signatures and the sender's host. From which score on it is told is `check.spam`.
    Bad:
        # an issue with "100 % gratis" in capitals and a link to a bare IP address
    Good:
        # the same news in plain words
    Remedy: mend what the rules in the message name
    """
    if dossier.equipment.spam is None:
        return
    reports = dossier.equipment.spam(dossier.messages)
    worst = max(reports.values(), key=lambda report: report.score)
    limits = dossier.config.settings.check.spam
    if worst.score >= min(limits.warn, limits.error):
        severity: Severity = "error" if worst.score >= limits.error else "warning"
        message = phrase(
            "SpamAssassin gives {score} points: {rules}", score=f"{worst.score:.1f}", rules=name_hits(worst)
        )
        yield Finding("spam/score", severity, dossier.whole, message, phrase("mend what these rules name"))


def name_hits(report: SpamReport) -> str:
    """The rules that count, with points and meaning."""
    counting = [hit for hit in report.hits if hit.points >= WORTH]
    words = [
        f"{hit.name} {hit.points:.1f} ({hit.means})" if hit.means else f"{hit.name} {hit.points:.1f}"
        for hit in counting
    ]
    return "; ".join(words[:MOST_NAMED]) + ("; …" if len(words) > MOST_NAMED else "")
