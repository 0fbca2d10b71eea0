"""Somebody approves an issue: what they see before they say yes, and what is written down."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ruhrmail.config import Config
from ruhrmail.doctor.files import ask_git
from ruhrmail.errors import InvalidInput, UsageError
from ruhrmail.flows.approval import find_approval, manifest_to_send
from ruhrmail.flows.check import check_project
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.mailing import content_hash
from ruhrmail.flows.plan import Plan, Wish
from ruhrmail.flows.send import foresee
from ruhrmail.flows.trail import read_trail, write_trail
from ruhrmail.model.account import Approval
from ruhrmail.model.finding import Finding, has_errors
from ruhrmail.model.phrase import phrase
from ruhrmail.store import open_store, record_approvals

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody is asked to approve: the content by its files and their hash, what `check` found, the plan of a
    mailing to everybody, and the latest approval of this very content (None: there is none)."""

    slug: str
    manifest: Mapping[str, str]
    findings: tuple[Finding, ...]
    plan: Plan
    approved: Approval | None

    @property
    def sha256(self) -> str:
        """The hash of the content."""
        return content_hash(self.manifest)

    def count(self, severity: str) -> int:
        """How many findings of a severity there are."""
        return sum(one.severity == severity for one in self.findings)


def propose(config: Config, environ: Mapping[str, str], slug: str, machine: Machine) -> Proposal:
    """Looks at an issue as it would be sent now; nothing is written. Raises InvalidInput where `check` finds errors,
    ChangedIssue where something else of this name is on its way, StoreError."""
    findings = tuple(check_project(config.project, environ, [slug]))
    if has_errors(findings):
        raise InvalidInput(findings)
    plan, mailing, draft = foresee(config, slug, Wish(), machine)
    manifest = manifest_to_send(mailing, draft)
    return Proposal(slug, manifest, findings, plan, find_approval(read_trail(config, slug), manifest))


def approve(config: Config, proposal: Proposal, by: str, machine: Machine) -> Path:
    """Writes an approval into the project's file and into the ledger; returns the file. Raises RuhrmailError,
    StoreError."""
    now = machine.now().replace(microsecond=0)
    new = Approval(
        proposal.slug, proposal.sha256, proposal.manifest, by, now, proposal.plan.listed, proposal.count("warning"),
        proposal.count("info"), proposal.plan.subject,
    )  # fmt: skip
    path = write_trail(config, proposal.slug, [*read_trail(config, proposal.slug), new])
    with open_store(config.store, now=now, randomness=machine.randomness) as store:
        record_approvals(store, [new])
    return path


def name_of_approver(config: Config, given: str | None) -> str:
    """Who approves: as given, else as git knows them. Raises UsageError where nobody knows."""
    answer = None if given is not None else ask_git(config.project, "config", "user.name")
    name = " ".join((given if given is not None else answer.stdout if answer else "").split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UsageError(phrase("who approves this?"), hint=phrase("say it: --by NAME, or set user.name in git"))
    return name
