"""Values as the page in the browser gets them: JSON of docs/preview-api.md."""

from collections.abc import Sequence
from html import unescape
from typing import Any

from ruhrmail import __version__
from ruhrmail.errors import RuhrmailError
from ruhrmail.flows.edition import Made
from ruhrmail.flows.newsroom import Listed, Mailed
from ruhrmail.flows.proof import Proof
from ruhrmail.flows.proof_findings import Checked
from ruhrmail.flows.proof_mail import Chosen
from ruhrmail.flows.proof_source import line_of
from ruhrmail.flows.readers import MADE_UP, Reader
from ruhrmail.i18n import Translator
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import phrase
from ruhrmail.preview.desk import Desk
from ruhrmail.simulate import GMAIL_LIMIT, NOTES, WARNING, Cut, cut_line, find_clip

Shown = dict[str, Any]
LISTS = (".csv",)
"""Files whose lines are other people's data: the finding's own line is enough."""


def show_state(desk: Desk, issues: Sequence[Listed], mailings: Sequence[Mailed], revision: int, gone: bool) -> Shown:
    """`state`."""
    config, words = desk.proofs.config, desk.words
    sent = {one.issue: one for one in reversed(mailings)}
    newsletter = None
    if config is not None:
        sender = {"name": config.newsletter.sender.name, "address": config.newsletter.sender.address}
        newsletter = {"name": config.newsletter.name, "sender": sender, "url": config.url}
    return {
        "revision": revision,
        "language": words.language,
        "version": __version__,
        "project": desk.project.name,
        "open": desk.opening,
        "newsletter": newsletter,
        "trouble": [show_finding(one, words) for one in desk.proofs.trouble],
        "gone": gone,
        "issues": [show_listed(one, sent) for one in issues],
        "mailings": [show_mailing(one) for one in mailings],
        "readers": [show_reader(one, words) for one in MADE_UP],
        "test": {"addresses": list(config.settings.delivery.test) if config else [], "inbox": True},
    }


def show_trouble(error: RuhrmailError | None, words: Translator) -> Shown | None:
    """What keeps something from being read, and what helps."""
    if error is None:
        return None
    return {"message": words(error.message), "hint": words(error.hint) if error.hint else ""}


def show_listed(issue: Listed, sent: dict[str, Mailed]) -> Shown:
    """One issue of the list."""
    return {
        "slug": issue.slug,
        "date": issue.day.isoformat() if issue.day else None,
        "number": issue.number,
        "subject": issue.subject,
        "file": issue.file,
        "mailing": show_mailing(sent[issue.slug]) if issue.slug in sent else None,
        "approval": None,
    }


def show_mailing(mailing: Mailed) -> Shown:
    """One mailing of the store."""
    return {
        "name": mailing.name,
        "issue": mailing.issue,
        "subject": mailing.subject,
        "state": mailing.state,
        "recipients": mailing.recipients,
        "sent": mailing.sent,
        "failed": mailing.failed,
        "started_at": mailing.started_at.isoformat() if mailing.started_at else None,
    }


def show_reader(reader: Reader, words: Translator, made: Made | None = None) -> Shown:
    """Somebody to look at issues as."""
    person = reader.person
    tags = reader.tags_in(made) if made else person.tags
    return {
        "id": reader.id,
        "label": words(reader.label),
        "language": person.language,
        "tags": list(tags),
        "email": person.email,
    }


def show_finding(finding: Finding, words: Translator, slug: str = "") -> Shown:
    """A finding with its place; `source` is where the page gets the lines around it."""
    at = finding.at
    beside = at.line > 0 and slug and not at.file.endswith(LISTS)
    return {
        "rule": finding.rule,
        "group": finding.rule.partition("/")[0],
        "severity": finding.severity,
        "file": at.file,
        "line": max(1, at.line),
        "column": max(1, at.column),
        "message": words(finding.message),
        "hint": words(finding.hint) if finding.hint else "",
        "excerpt": at.excerpt,
        "caret": at.caret,
        "source": f"issues/{slug}/source?file={at.file}" if beside else None,
    }


def show_checked(checked: Checked | None, slug: str, words: Translator) -> Shown:
    """`issues/SLUG/findings`."""
    if checked is None:
        return {"slug": slug, "revision": 0, "ready": False, "findings": [], "summary": {}}
    found = [show_finding(one, words, slug) for one in checked.findings]
    return {
        "slug": slug,
        "revision": checked.revision,
        "ready": True,
        "findings": found,
        "summary": checked.summary(),
    }


def show_proof(proof: Proof, chosen: Chosen | None, words: Translator) -> Shown:
    """`issues/SLUG`: the issue as it is chosen, or only what is wrong with it."""
    shown = {
        "slug": proof.slug,
        "revision": proof.revision,
        "look": proof.look,
        "errors": [show_finding(one, words, proof.slug) for one in proof.errors],
        "shown": chosen is not None,
        "notes": {name: words(note) for name, note in NOTES.items()},
    }
    return shown | (show_nothing() if chosen is None else show_chosen(chosen, words))


def show_nothing() -> Shown:
    """What is known of an issue that never was right."""
    nulls = ("date", "number", "subject", "title", "language", "file", "variant", "reader", "line", "size")
    return dict.fromkeys(nulls) | {"variants": [], "pages": [], "calendars": [], "headers": []}


def show_chosen(chosen: Chosen, words: Translator) -> Shown:
    """What is known of an issue as one reader gets it."""
    made, issue = chosen.made, chosen.made.file.issue
    files = made.edition.files
    pages = [{"name": "index.html", "title": issue.title or issue.subject}]
    pages += [{"name": one.name, "title": title_of(one.content)} for one in files if one.name.endswith(".html")]
    return {
        "date": issue.date.isoformat(),
        "number": str(issue.number or ""),
        "subject": chosen.subject,
        "title": issue.title or issue.subject,
        "language": chosen.edition.language,
        "file": made.file.document.name,
        "variants": [show_variant(one.variant, words) for one in made.editions],
        "variant": chosen.edition.variant,
        "reader": show_reader(chosen.reader, words, made),
        "pages": pages,
        "calendars": [
            {"name": one.name, "title": summary_of(one.content)} for one in files if one.name.endswith(".ics")
        ],
        "line": show_line(chosen, words),
        "size": show_size(chosen),
        "headers": [list(one) for one in chosen.headers()],
    }


def show_variant(name: str, words: Translator) -> Shown:
    """One variant and the fewest tags that select it."""
    label = name or words(phrase("for readers without tags"))
    return {"name": name, "label": label, "tags": name.split("+") if name else []}


def show_line(chosen: Chosen, words: Translator) -> Shown:
    """The line that announces the mail."""
    sender = chosen.config.newsletter.sender
    preheader = chosen.preheader or " ".join(chosen.text.split())[:300]
    lines = [
        {
            "id": one.client.id,
            "label": one.client.label,
            "note": words(one.client.note),
            "sender": show_cut(one.sender),
            "subject": show_cut(one.subject),
            "preheader": show_cut(one.preheader),
        }
        for one in cut_line(sender.name, chosen.subject, preheader)
    ]
    whole = {"sender": sender.name, "address": sender.address, "subject": chosen.subject, "preheader": chosen.preheader}
    return {**whole, "clients": lines}


def show_cut(cut: Cut) -> Shown:
    """A text as a client shows it."""
    return {"shown": cut.shown, "cut": cut.cut}


def show_size(chosen: Chosen) -> Shown:
    """How large the HTML is, and where Gmail ends it."""
    html = chosen.html
    clip = find_clip(html)
    found = {"after": clip.after, "line": line_of(chosen.made.file.document, clip.after)} if clip else None
    return {"bytes": len(html.encode()), "limit": GMAIL_LIMIT, "warning": WARNING, "clip": found}


def title_of(content: bytes) -> str:
    """The title of a page of ours."""
    head = content.decode().partition("</title>")[0]
    return unescape(head.rpartition(">")[2]).strip()


def summary_of(content: bytes) -> str:
    """What a calendar is about."""
    lines = content.decode().replace("\r\n ", "").splitlines()
    found = next((line for line in lines if line.startswith("SUMMARY")), "")
    return found.partition(":")[2].replace("\\,", ",").replace("\\;", ";")
