"""What to do next, drawn from figures."""

from collections.abc import Callable, Iterator

from ruhrmail.model.account import Account, Advice, Domain, Ground
from ruhrmail.model.bounce import Kind
from ruhrmail.model.ledger import OPEN_STATES, State
from ruhrmail.model.phrase import phrase
from ruhrmail.report.wording import readable

REFUSING_SHARE, REFUSING_COUNT = 0.2, 5
"""A domain that blocks this share of its recipients, and so many of them, has something against us."""
STALE_SHARE, STALE_COUNT = 0.02, 5
"""From this share of addresses that do not exist on, providers think of a bought or neglected list."""
LEAVING_SHARE, LEAVING_COUNT, LEAVING_FACTOR = 0.005, 5, 2
"""More than usual leave: this share, so many of them, and so many times what earlier mailings had."""
NAMED = 3


def advise(account: Account) -> tuple[Advice, ...]:
    """The advice, the urgent first, in the order in which one would go about it; none where all is well."""
    found = [one for rule in RULES for one in rule(account)]
    return tuple(sorted(found, key=lambda one: not one.urgent))


def on_open(account: Account) -> Iterator[Advice]:
    """Somebody still waits."""
    figures = account.result.figures
    waiting = sum(figures.counts[state] for state in OPEN_STATES)
    go_on = f"ruhrmail send {figures.order}"
    if figures.state == "stopped":
        yield Advice(phrase("The mailing is stopped: {reason}. Still waiting: {count}. It goes on after asking.",
                            reason=figures.reason or "–", count=waiting), go_on, urgent=True)  # fmt: skip
    elif figures.scheduled_for is not None and figures.started_at is None:
        yield Advice(phrase("The mailing has not begun: it waits for its time."))
    elif waiting and account.working:
        yield Advice(phrase("The mailing is still going out; still waiting: {count}. Make the report again when it is "
                            "complete.", count=waiting))  # fmt: skip
    elif waiting:
        yield Advice(phrase("Still waiting: {count}, and nobody is sending. The same command goes on where it ended.",
                            count=waiting), go_on, urgent=True)  # fmt: skip


def on_doubt(account: Account) -> Iterator[Advice]:
    """Nobody knows whether somebody has it."""
    figures = account.result.figures
    count = figures.counts[State.IN_DOUBT]
    if count:
        yield Advice(
            phrase("In doubt: {count}. The connection ended before the relay said whether it took the message. Look "
                   "into the relay's log, then decide: with resend some may get it twice, with skip some never.",
                   count=count),
            f"ruhrmail send {figures.order} --in-doubt resend", urgent=True,
        )  # fmt: skip


def on_complaints(account: Account) -> Iterator[Advice]:
    """Readers pressed "spam"."""
    count = account.result.figures.complained
    if account.alarm == "stop":
        yield Advice(phrase("Complaints: {count}. That is above the share from which large providers refuse "
                            "everything. Send nothing more before you know why.", count=count),
                     "ruhrmail doctor", urgent=True)  # fmt: skip
    elif account.alarm == "warn":
        yield Advice(phrase("Complaints: {count}. That is above the share at which large providers warn. Is the way "
                            "out easy to find, and did everybody ask for this newsletter?", count=count))  # fmt: skip


def on_blocking(account: Account) -> Iterator[Advice]:
    """Receivers refuse us, not the person."""
    refusing = [one for one in account.domains if is_refusing(one)]
    for one in refusing[:NAMED]:
        yield Advice(
            phrase("{domain} blocks this newsletter: {blocked} of {count}. The reason lies with the sender, not with "
                   "the readers: look at SPF, DKIM, DMARC and the relay's reputation.",
                   domain=readable(one.name), blocked=one.blocked, count=one.recipients),
            "ruhrmail doctor", urgent=True,
        )  # fmt: skip
    policy = (account.returned or {}).get(Kind.POLICY, 0)
    blocked = sum(one.count for one in account.refusals if one.ground is Ground.BLOCKED)
    if not refusing and policy + blocked:
        yield Advice(phrase("Refused for policy: {count}. Providers have something against the sender or the content; "
                            "what they say stands among the reasons.", count=policy + blocked),
                     "ruhrmail doctor")  # fmt: skip


def is_refusing(one: Domain) -> bool:
    """Whether a domain blocks enough of its recipients to speak of it."""
    return one.blocked >= REFUSING_COUNT and one.blocked >= REFUSING_SHARE * one.recipients


def on_stale(account: Account) -> Iterator[Advice]:
    """Too many addresses do not exist."""
    result = account.result
    refused = sum(
        one.count for one in account.refusals if one.ground is Ground.UNKNOWN and one.state is State.FAILED
    )  # fmt: skip
    gone = refused + (account.returned or {}).get(Kind.HARD, 0)
    tried = result.sent + result.figures.counts[State.FAILED]
    if gone >= STALE_COUNT and gone >= STALE_SHARE * tried:
        yield Advice(phrase("Addresses that do not exist: {count} of {tried}. They get nothing any more. So many point "
                            "to an old list: find out where these addresses came from, and remove them there.",
                            count=gone, tried=tried), "ruhrmail subscribers stats", urgent=True)  # fmt: skip


def on_failed(account: Account) -> Iterator[Advice]:
    """Refused for reasons that may pass."""
    count = sum(
        one.count
        for one in account.refusals
        if one.state is State.FAILED and one.ground in (Ground.LATER, Ground.FULL, Ground.UNREACHED)
    )
    if count:
        yield Advice(phrase("Refused for reasons that may pass: {count}. Another try some days later may reach them.",
                            count=count),
                     f"ruhrmail send {account.result.figures.order} --retry-failed")  # fmt: skip


def on_leaving(account: Account) -> Iterator[Advice]:
    """More left than usual."""
    result = account.result
    share = result.left / result.sent if result.sent else 0.0
    others = [one for one in account.earlier if one.sent]
    usual = sum(one.left for one in others) / sum(one.sent for one in others) if others else 0.0
    if result.left >= LEAVING_COUNT and share >= max(LEAVING_SHARE, LEAVING_FACTOR * usual):
        yield Advice(phrase("More people left than usual: {count}. Did the issue keep what its subject promised, and "
                            "was it the right audience?", count=result.left))  # fmt: skip


def on_blindness(account: Account) -> Iterator[Advice]:
    """What the figures cannot show."""
    if not account.returns_read and account.result.sent and not account.trial:
        yield Advice(phrase("Nothing reads returned mail, so nobody knows what came back: name the mailbox in "
                            "ruhrmail.yaml (bounces)."), "ruhrmail bounces SOURCE")  # fmt: skip
    if account.result.figures.unchecked_at is not None:
        yield Advice(phrase("It was sent without asking whether the links to leave work. See whether they do."),
                     "ruhrmail doctor", urgent=True)  # fmt: skip
    if account.trial:
        yield Advice(phrase("This was a trial into a folder: it reached nobody and does not count as sent."))


RULES: tuple[Callable[[Account], Iterator[Advice]], ...] = (
    on_complaints,
    on_open,
    on_doubt,
    on_blocking,
    on_stale,
    on_blindness,
    on_failed,
    on_leaving,
)
