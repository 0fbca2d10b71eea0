"""A proof to its findings, given up as soon as something newer was saved."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from ruhrmail.check import BARE, RULES, Dossier, Rule, is_equipped, settle
from ruhrmail.errors import RuhrmailError
from ruhrmail.flows.check import Inspection, issue_findings
from ruhrmail.flows.dossier import find_neighbours
from ruhrmail.flows.proof import Proofs, findings_of
from ruhrmail.model.finding import SEVERITIES, Finding
from ruhrmail.rulebook import read_rulebook


class Superseded(Exception):
    """Something newer was saved: these findings are nobody's any more."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The findings on an issue as it was in one revision."""

    slug: str
    revision: int
    findings: tuple[Finding, ...]

    def summary(self) -> dict[str, int]:
        """How many there are of each severity."""
        return {one: sum(found.severity == one for found in self.findings) for one in SEVERITIES}


def check_proof(proofs: Proofs, slug: str, superseded: Callable[[], bool], *, sure: bool = True) -> Checked:
    """All findings on settings and issue. Raises Superseded between two rules once `superseded` says so.

    Unless `sure`, also where the issue could be rendered before and cannot be now: somebody is writing it.
    """

    def go_on() -> None:
        if superseded():
            raise Superseded

    go_on()
    proof = proofs.kept.get(slug)
    revision = proof.revision if proof else 0
    config = proofs.config
    if config is None or proofs.trouble:
        return Checked(slug, revision, proofs.trouble)
    documents = [config.document]
    rules = tuple(replace(rule, find=guard(rule, go_on)) for rule in RULES)
    try:
        neighbours = tuple(find_neighbours(config.project))
        go_on()
        inspection = Inspection(config, proofs.columns, proofs.listed, neighbours, proofs.shelf, documents=documents)
        found = [*proofs.listed, *issue_findings(inspection, slug, rules)]
    except RuhrmailError as error:
        found = list(findings_of(error, slug))
    if not sure and proof is not None and not proof.errors and len(documents) == 1:
        raise Superseded
    idle = {rule.id for rule in RULES if not is_equipped(rule, BARE)}
    return Checked(slug, revision, tuple(settle(found, documents, config, read_rulebook().keys(), idle)))


def guard(rule: Rule, go_on: Callable[[], None]) -> Callable[[Dossier], Iterator[Finding]]:
    """The rule's function, asking first whether anybody still wants to know."""

    def find(dossier: Dossier) -> Iterator[Finding]:
        go_on()
        yield from rule.find(dossier)

    return find
