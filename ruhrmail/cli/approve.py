"""`ruhrmail approve`: somebody says that an issue may go out."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ruhrmail.cli.desk import Desk
from ruhrmail.cli.options import Slug, Yes
from ruhrmail.cli.words import word
from ruhrmail.errors import UsageError
from ruhrmail.model.phrase import phrase

if TYPE_CHECKING:
    from ruhrmail.cli.terminal import Terminal
    from ruhrmail.flows.approve import Proposal


def approve(
    ctx: typer.Context,
    slug: Slug,
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help=word("Who approves; default: user.name of git."))
    ] = None,
    yes: Yes = False,
) -> None:
    from ruhrmail.cli.plan import ask
    from ruhrmail.flows.approve import approve as write_approval
    from ruhrmail.flows.approve import name_of_approver, propose
    from ruhrmail.flows.machine import this_machine

    desk: Desk = ctx.obj
    name = name_of_approver(desk.config, by)
    if not yes and not sys.stdin.isatty():
        raise UsageError(phrase("nobody is there to ask: no terminal"), hint=phrase("--yes approves without asking"))
    proposal = propose(desk.config, desk.environ, slug, this_machine())
    show_proposal(desk.terminal, proposal)
    if proposal.approved is not None and proposal.approved.by == name:
        desk.terminal.say("{name} approved exactly this already", name=name)
        return
    if not yes and not ask(desk.terminal, phrase("Approve this as {name}? [y/N] ", name=name)):
        desk.terminal.tell("not approved")
        raise typer.Exit(1)
    path = write_approval(desk.config, proposal, name, this_machine())
    desk.terminal.say("approved by {name}: {sha256}", name=name, sha256=proposal.sha256)
    desk.terminal.tell("{file} says so: commit it together with the issue", file=desk.config.name_of(path))


def show_proposal(terminal: "Terminal", proposal: "Proposal") -> None:
    """What is to be approved."""
    plan = proposal.plan
    terminal.findings(proposal.findings, with_rule=True)
    terminal.tell("subject:    {subject}", subject=plan.subject)
    terminal.tell("sender:     {sender}", sender=plan.sender)
    terminal.tell("content:    files: {count}, {sha256}", count=len(proposal.manifest) - 1, sha256=proposal.sha256)
    terminal.tell("recipients: {count} on the list", count=plan.listed)
    terminal.tell("findings:   {warnings} warnings, {notes} notes", warnings=proposal.count("warning"),
                  notes=proposal.count("info"))  # fmt: skip
    if proposal.approved is not None:
        terminal.tell("approved:   {approval}", approval=phrase(
            "by {name} on {day}", name=proposal.approved.by, day=proposal.approved.at.date().isoformat()))  # fmt: skip
