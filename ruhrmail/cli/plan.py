"""What a `send` is about to do and what it did, in words."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from ruhrmail.cli.status import show_figures
from ruhrmail.cli.terminal import Terminal
from ruhrmail.model.phrase import Phrase, phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ruhrmail.cli.progress import Watch
    from ruhrmail.flows.send import Plan, Report
    from ruhrmail.model.ledger import Delivery

NAMED_AT_MOST = 50
YES = ("y", "yes", "j", "ja")


@dataclass(frozen=True, slots=True)
class Asking:
    """Shows the plan and asks; with `--yes`, or when there is nobody to mail, it does not ask."""

    terminal: Terminal
    yes: bool
    watch: "Watch"

    def __call__(self, plan: "Plan") -> bool:
        show_plan(self.terminal, plan)
        if not self.yes and plan.recipients and not ask(self.terminal, plan.recipients):
            return False
        self.watch.begin(plan.recipients, plan.doubtful)
        return True


def ask(terminal: Terminal, count: int) -> bool:
    """The question before a mailing; anything but a clear yes, in either language, is a no."""
    question = terminal.translate("Send to {count} recipients? [y/N] ", count=count)
    return typer.prompt(question, default="", show_default=False, prompt_suffix="", err=True).strip().lower() in YES


def show_plan(terminal: Terminal, plan: "Plan") -> None:
    """Subject, sender, relays, recipients and findings."""
    terminal.findings(plan.findings)
    terminal.tell("subject:    {subject}", subject=plan.subject)
    terminal.tell("sender:     {sender}", sender=plan.sender)
    if plan.trial:
        terminal.tell("relay:      none is configured: mail goes to the folder maildir/ and does not count as sent")
    else:
        terminal.tell("relay:      {relays}", relays=", ".join(plan.relays))
    terminal.tell(
        "recipients: {count} (on the list: {listed}, new: {new}, unfinished: {unfinished})",
        count=plan.recipients,
        listed=plan.listed,
        new=plan.newcomers,
        unfinished=plan.unfinished,
    )
    if plan.variants:
        rest = terminal.translate("(rest)")
        named = ", ".join(f"{name or rest} {count}" for name, count in reversed(plan.variants.items()) if count)
        terminal.tell("variants:   {variants}", variants=named or "–")
    if plan.left:
        terminal.tell("left:       {count} more stand on the list and are not mailed: they left, or cannot be reached",
                      count=plan.left)  # fmt: skip
    for name, count in plan.gaps.items():
        terminal.tell("warning: {count} subscribers have no {name}, and the merge field has no default", count=count,
                      name=name)  # fmt: skip
    if plan.doubtful:
        terminal.tell("in doubt:   {count}; they are left alone unless you say --in-doubt resend", count=plan.doubtful)


def show_report(terminal: Terminal, report: "Report") -> None:
    """How it ended."""
    if report.declined:
        terminal.tell("nothing was sent")
        return
    if report.figures is None:
        terminal.say("nobody is on the list: nothing was sent")
        return
    if report.trouble is not None:
        terminal.error(report.trouble)
        terminal.tell("given up: no relay works; the same command goes on where this one ended")
    if report.drained is not None and report.plan.recipients == 0:
        terminal.say("nobody is left to mail")
    if report.drained is not None and report.drained.reason is not None:
        terminal.tell("the mailing was stopped: {reason}", reason=report.drained.reason)
    elif report.drained is not None and report.drained.stopped:
        terminal.tell("stopped as asked; `ruhrmail send {slug}` goes on", slug=report.figures.issue)
    name_people(terminal, phrase("failed: {email} {reply}"), report.failed)
    name_people(terminal, phrase("in doubt: {email} {reply}"), report.doubtful)
    if report.doubtful:
        terminal.tell("in doubt means: the connection ended before the relay said whether it took the message")
    show_figures(terminal, report.figures)


def name_people(terminal: Terminal, line: Phrase, deliveries: "Sequence[Delivery]") -> None:
    """One line each, a long list shortened."""
    for one in deliveries[:NAMED_AT_MOST]:
        reply = " ".join(str(part) for part in (one.code or "", terminal.translate(one.text)) if part)
        terminal.write(terminal.err, terminal.translate(line.template, email=one.email, reply=reply).rstrip())
    if len(deliveries) > NAMED_AT_MOST:
        terminal.tell("… and {count} more: ruhrmail status --recipients", count=len(deliveries) - NAMED_AT_MOST)
