"""`ruhrmail send`: an issue to the list."""

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ruhrmail.cli.completion import name_audiences
from ruhrmail.cli.desk import Desk
from ruhrmail.cli.guide import Lasting
from ruhrmail.cli.lookout import Lookout
from ruhrmail.cli.options import Log, LogAddresses, Metrics, Slug, Yes
from ruhrmail.cli.words import word
from ruhrmail.errors import UsageError
from ruhrmail.model.phrase import Phrase, phrase

if TYPE_CHECKING:
    from ruhrmail.flows.plan import Wish


class Sending(Lasting):
    """Before the first mail and after the last nothing else listens to signals."""

    code = 1

    def parting(self, ctx: Any) -> Phrase:
        if ctx.params["test"] or ctx.params["dry_run"]:
            return phrase("interrupted")
        return phrase("stopped as asked; `ruhrmail send {slug}` goes on", slug=ctx.params["slug"])


class InDoubt(StrEnum):
    """What to do with recipients of whom nobody knows whether the relay took their message."""

    SKIP = "skip"
    RESEND = "resend"


def send(  # noqa: PLR0913 - one parameter for each option
    ctx: typer.Context,
    slug: Slug,
    test: Annotated[
        list[str] | None,
        typer.Option("--test", metavar="ADDRESS", help=word("Send all variants only to this address, unrecorded.")),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=word("Show what would be sent, and send nothing."))
    ] = False,
    yes: Yes = False,
    strict: Annotated[bool, typer.Option("--strict", help=word("Mail nobody while the list has bad rows."))] = False,
    in_doubt: Annotated[
        InDoubt | None, typer.Option("--in-doubt", help=word("Leave the doubtful alone for good, or mail them again."))
    ] = None,
    log: Log = None,
    log_addresses: LogAddresses = False,
    metrics: Metrics = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help=word("Mail those again whose mail was refused."))
    ] = False,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="TIME", help=word("Wait until then, such as 2026-11-30T08:00 or 08:00.")),
    ] = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help=word("Also late, early, in quiet hours, or after too many complaints."))
    ] = False,
    follow: Annotated[
        bool, typer.Option("--follow", help=word("Stay and look on while workers send; elsewhere it does so anyway."))
    ] = False,
    audience: Annotated[
        str | None,
        typer.Option(
            "--audience",
            metavar="NAME|EXPRESSION",
            autocompletion=name_audiences,
            help=word("Only to these, such as tag:wirtschaft."),
        ),
    ] = None,
    no_service_check: Annotated[
        bool, typer.Option("--no-service-check", help=word("Send without asking whether the links to leave work."))
    ] = False,
) -> None:
    from ruhrmail.flows.audience import choose_audience
    from ruhrmail.flows.handover import has_fleet
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.flows.moment import read_moment
    from ruhrmail.flows.plan import Wish

    desk: Desk = ctx.obj
    if test and dry_run:
        raise UsageError(phrase("--test sends, and --dry-run sends nothing"), hint=phrase("say one of them, not both"))
    if test and at is not None:
        raise UsageError(phrase("--test sends at once, and --at later"), hint=phrase("say one of them, not both"))
    if test and audience is not None:
        raise UsageError(
            phrase("--test mails the addresses it names, and --audience people on the list"),
            hint=phrase("say one of them, not both"),
        )
    lookout = Lookout(log, log_addresses, metrics)
    lookout.check(real=not test and not dry_run, queues=has_fleet(desk.config))
    if follow and (test or dry_run):
        raise UsageError(
            phrase("--follow looks on at a mailing to the list"), hint=phrase("leave it out with --test and --dry-run")
        )
    moment = read_moment(at, this_machine().now()) if at is not None else None
    whom = choose_audience(desk.config, audience)
    wish = Wish(
        strict, in_doubt.value if in_doubt else None, retry_failed, moment, anyway, lookout.wants_attempts, whom,
        unchecked=no_service_check, follow=follow,
    )  # fmt: skip
    if test:
        code = send_tests(desk, slug, test)
    elif dry_run:
        code = show_rehearsal(desk, slug, wish)
    else:
        code = send_list(desk, slug, wish, lookout, yes=yes)
    raise typer.Exit(code)


def send_tests(desk: Desk, slug: str, addresses: list[str]) -> int:
    """Sends the issue to test addresses; 1 when one of them was not sent."""
    from ruhrmail.cli.wording import STATE_WORDS
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.flows.trial import send_trials

    code = 0
    for trial in send_trials(desk.config, slug, addresses, this_machine()):
        reply = trial.attempt.reply
        answer = f"{reply.code} {reply.text}" if reply else desk.terminal.translate(trial.attempt.text)
        outcome = STATE_WORDS.get(trial.attempt.outcome.value, phrase("not tried"))
        to = f"{trial.address} [{trial.variant}]" if trial.variant else trial.address
        desk.terminal.say("{address}: {outcome} ({answer})", address=to, outcome=outcome, answer=answer)
        code = code if trial.sent else 1
    return code


def show_rehearsal(desk: Desk, slug: str, wish: "Wish") -> int:
    """Shows the plan; 1 when the list has bad rows."""
    from ruhrmail.cli.plan import show_plan
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.flows.send import rehearse_sending
    from ruhrmail.model.finding import has_errors

    plan = rehearse_sending(desk.config, slug, wish, this_machine())
    show_plan(desk.terminal, plan)
    desk.terminal.say("dry run: nothing was sent")
    return 1 if has_errors(plan.findings) else 0


def send_list(desk: Desk, slug: str, wish: "Wish", lookout: Lookout, *, yes: bool) -> int:
    """Sends to the list after asking; 0 when everybody is sent or suppressed."""
    from ruhrmail.cli.plan import Asking, show_report
    from ruhrmail.flows.handover import has_fleet
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.flows.send import send_issue

    if not yes and not sys.stdin.isatty():
        raise UsageError(phrase("nobody is there to ask: no terminal"), hint=phrase("--yes sends without asking"))
    with lookout.opened(desk) as watch:
        asking = Asking(desk.terminal, yes, sys.stdin.isatty(), watch, wish.follow or not has_fleet(desk.config))
        report = send_issue(desk.config, slug, wish, this_machine(), asking, watch.on_event)
    show_report(desk.terminal, report)
    return 0 if report.clean and not report.declined else 1
