"""What a `send` is about to do and what it did, in words."""

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ruhrmail.cli.asking import ask
from ruhrmail.cli.fleet import tell_of_fleet
from ruhrmail.cli.status import show_figures
from ruhrmail.cli.terminal import Terminal
from ruhrmail.cli.wording import local
from ruhrmail.errors import UsageError
from ruhrmail.flows.events import Hampered
from ruhrmail.flows.fleet import NO_WORKER
from ruhrmail.model.phrase import Phrase, phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ruhrmail.cli.progress import Watch
    from ruhrmail.flows.errand import Report
    from ruhrmail.flows.plan import Plan
    from ruhrmail.model.ledger import Delivery
    from ruhrmail.store import Mailing

NAMED_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class Asking:
    """Shows the plan and asks; with `--yes`, when there is nobody to mail, or after a yes before the wait, it does not.

    What speaks against the time is a question of its own, which `--yes` does not answer: so nobody's newsletter goes
    out at three in the morning because a laptop woke up. `looks_on`: this process sends, or follows those who do.
    Raises UsageError where it cannot be asked.
    """

    terminal: Terminal
    yes: bool
    can_ask: bool
    watch: "Watch"
    looks_on: bool = True

    def __call__(self, plan: "Plan") -> bool:
        if not plan.agreed or plan.objections:
            show_plan(self.terminal, plan)
        if plan.objections and (plan.recipients or plan.at) and not self.can_ask:
            raise UsageError(plan.objections[0], hint=INSTEAD)
        unasked = plan.recipients and not (self.yes or plan.agreed)
        if (unasked or (plan.objections and plan.recipients)) and not ask(self.terminal, question_of(plan)):
            return False
        if plan.at is None and self.looks_on:
            self.watch.begin(plan.recipients, plan.doubtful)
        return True


INSTEAD = phrase("say --anyway, or name another time with --at")


def question_of(plan: "Plan") -> Phrase:
    """What is asked before a mailing."""
    if plan.objections:
        return phrase("Send to {count} recipients nevertheless? [y/N] ", count=plan.recipients)
    if plan.at is not None:
        return phrase("Send to {count} recipients then? [y/N] ", count=plan.recipients)
    return phrase("Send to {count} recipients? [y/N] ", count=plan.recipients)


def show_plan(terminal: Terminal, plan: "Plan") -> None:
    """Subject, sender, relays, recipients and findings."""
    terminal.findings(plan.findings)
    terminal.tell("subject:    {subject}", subject=plan.subject)
    terminal.tell("sender:     {sender}", sender=plan.sender)
    show_way(terminal, plan)
    terminal.tell(
        "recipients: {count} (on the list: {listed}, new: {new}, unfinished: {unfinished})",
        count=plan.recipients,
        listed=plan.listed,
        new=plan.newcomers,
        unfinished=plan.unfinished,
    )
    show_choice(terminal, plan)
    if plan.left:
        terminal.tell("left:       {count} (on the list, and not mailed: they left, or cannot be reached)",
                      count=plan.left)  # fmt: skip
    for name, count in plan.gaps.items():
        terminal.tell("warning: {count} subscribers have no {name}, and the merge field has no default", count=count,
                      name=name)  # fmt: skip
    if plan.doubtful:
        terminal.tell("in doubt:   {count}; they are left alone unless you say --in-doubt resend", count=plan.doubtful)
    if plan.failed:
        terminal.tell("failed:     {count}; they are left alone unless you say --retry-failed", count=plan.failed)
    if plan.at is not None:
        terminal.tell(
            "begins:     {time}; whoever is on the list by then gets it",
            time=f"{local(plan.at)} {plan.at.astimezone():%Z}",
        )
    if plan.stopped is not None:
        terminal.tell("stopped:    {since}: {reason}", since=local(plan.stopped.since), reason=plan.stopped.reason)
    for objection in plan.objections:
        terminal.tell("mind:       {objection}", objection=objection)


def show_way(terminal: Terminal, plan: "Plan") -> None:
    """By which relays it goes, what the web service said, and who approved it."""
    if plan.trial:
        terminal.tell("relay:      none is configured: mail goes to the folder maildir/ and does not count as sent")
    else:
        terminal.tell("relay:      {relays}", relays=", ".join(plan.relays))
    if plan.service is not None:
        terminal.tell("service:    {service}", service=plan.service)
    if plan.approval is not None:
        terminal.tell("approved:   {approval}", approval=plan.approval)


def show_choice(terminal: Terminal, plan: "Plan") -> None:
    """Who is meant, and who gets which variant."""
    if plan.audience:
        terminal.tell("audience:   {expression}", expression=plan.audience)
    if plan.variants:
        rest = terminal.translate("(rest)")
        named = ", ".join(f"{name or rest} {count}" for name, count in reversed(plan.variants.items()) if count)
        terminal.tell("variants:   {variants}", variants=named or "–")


def show_report(terminal: Terminal, report: "Report") -> None:
    """How it ended."""
    if report.declined:
        terminal.tell("nothing was sent")
        return
    if report.ended is not None:
        show_early_end(terminal, report, report.ended)
        return
    if report.figures is None:
        terminal.say("nobody is left to mail" if report.plan.listed else "nobody is on the list: nothing was sent")
        return
    if report.queued is not None:
        show_queued(terminal, report, report.queued)
        return
    if report.trouble is not None:
        terminal.error(report.trouble)
        terminal.tell("given up: no relay works; the same command goes on where this one ended")
    if (report.drained is not None or report.fleet is not None) and report.plan.recipients == 0:
        terminal.say("nobody is left to mail")
    if report.figures.state == "stopped" and report.ended is None:
        terminal.tell("the mailing was stopped: {reason}", reason=report.figures.reason or "")
        terminal.tell("`ruhrmail send {slug}` goes on after asking", slug=report.figures.order)
    elif report.drained is not None and report.drained.stopped and report.figures.state == "open":
        terminal.tell("stopped as asked; `ruhrmail send {slug}` goes on", slug=report.figures.order)
    slug = shlex.quote(report.figures.slug)
    name_people(terminal, phrase("failed: {email} {reply}"), report.failed, slug)
    name_people(terminal, phrase("in doubt: {email} {reply}"), report.doubtful, slug)
    if report.doubtful:
        terminal.tell("in doubt means: nobody knows whether the relay took the message")
    show_figures(terminal, report.figures)


def show_queued(terminal: Terminal, report: "Report", mailing: "Mailing") -> None:
    """What workers will do, and what holds them up."""
    if mailing.scheduled_for is not None:
        terminal.say("{mailing}: scheduled for {time}; workers begin it then, this machine need not run",
                     mailing=mailing.name, time=local(mailing.scheduled_for))  # fmt: skip
    else:
        terminal.say("{mailing}: queued for workers, recipients: {count}", mailing=mailing.name,
                     count=report.plan.recipients)  # fmt: skip
    if report.ahead:
        terminal.tell("before it: {mailings}", mailings=", ".join(report.ahead))
    if report.fleet is not None and not report.fleet.alive:
        terminal.tell(NO_WORKER)
    elif report.fleet is not None and report.fleet.hindered:
        tell_of_fleet(terminal, Hampered(report.fleet.hindered))
    slug = shlex.quote(report.figures.slug if report.figures else mailing.name)
    name_people(terminal, phrase("in doubt: {email} {reply}"), report.doubtful, slug)
    terminal.tell("`ruhrmail status {slug}` shows how far it is, `ruhrmail stop {slug}` halts it", slug=slug)


def show_early_end(terminal: Terminal, report: "Report", why: Phrase) -> None:
    """Why it ended before it began, and how to go on with a mailing that stays scheduled."""
    terminal.tell(why)
    if report.fleet is not None and report.figures is not None:
        show_figures(terminal, report.figures)
    elif report.figures is not None and report.figures.scheduled_for is not None:
        terminal.tell(
            "`ruhrmail send {order} --at {time}` waits for it again, `ruhrmail stop {slug}` gives the plan up",
            order=report.figures.order, slug=shlex.quote(report.figures.slug),
            time=local(report.figures.scheduled_for).replace(" ", "T"),
        )  # fmt: skip


def name_people(terminal: Terminal, line: Phrase, deliveries: "Sequence[Delivery]", slug: str) -> None:
    """One line each, a long list shortened; `slug` is what `status` is told, quoted."""
    for one in deliveries[:NAMED_AT_MOST]:
        reply = " ".join(
            str(part) for part in (one.code or "", one.enhanced_code, terminal.translate(one.text)) if part
        )
        terminal.write(terminal.err, terminal.translate(line.template, email=one.email, reply=reply).rstrip())
    if len(deliveries) > NAMED_AT_MOST:
        terminal.tell("… and {count} more: ruhrmail status {slug} --recipients", slug=slug,
                      count=len(deliveries) - NAMED_AT_MOST)  # fmt: skip
