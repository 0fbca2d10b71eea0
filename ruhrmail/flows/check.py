"""Settings, issues and list to findings."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ruhrmail.check import BARE, RULES, Equipment, Need, Neighbour, Rule, is_equipped, lint, run, settle
from ruhrmail.config import Config, load_config
from ruhrmail.errors import InvalidInput, RuhrmailError
from ruhrmail.flows.dossier import find_neighbours, make_dossier, own_templates
from ruhrmail.flows.edition import Made, make_edition
from ruhrmail.flows.equipment import equip
from ruhrmail.flows.roster import merge_columns, roster_findings, roster_path
from ruhrmail.flows.signing import find_dkim_troubles
from ruhrmail.flows.viewing import Viewing
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.parse import find_misnamed, find_slugs
from ruhrmail.rulebook import read_rulebook
from ruhrmail.source import Document
from ruhrmail.triage import Gaps


@dataclass(frozen=True, slots=True)
class Inspection:
    """What is the same for all issues of a run; `shelf` keeps fitted pictures as long as it goes on, `documents`
    gathers the files that were checked to their end, `gaps` what was not; `equipment` is what some rules need,
    `viewing` what else is wanted of the browser."""

    config: Config
    columns: frozenset[str] | None
    list_findings: Sequence[Finding]
    neighbours: Sequence[Neighbour]
    shelf: Path
    equipment: Equipment = BARE
    viewing: Viewing | None = None
    documents: list[Document] = field(default_factory=list)
    gaps: Gaps = field(default_factory=Gaps)

    def make(self, slug: str, *, marked: bool = False) -> Made:
        """One issue, rendered. Raises InvalidInput, RuhrmailError where there is none of this name."""
        return make_edition(self.config, slug, self.columns, shelf=self.shelf, marked=marked)


def check_project(
    project: Path,
    environ: Mapping[str, str],
    slugs: Sequence[str],
    needs: Collection[Need] = (),
    viewing: Viewing | None = None,
    gaps: Gaps | None = None,
) -> list[Finding]:
    """All findings on the settings, the list, and the named issues (none named: all). Builds outside the project.

    `needs` names the equipment to open: the rules that need it run too. `viewing` gathers what the browser shows,
    `gaps` what could not be looked at. Raises RuhrmailError where equipment is missing.
    """
    gaps = Gaps() if gaps is None else gaps
    try:
        config = load_config(project, environ)
    except InvalidInput as error:
        gaps.everything = True
        return list(error.findings)
    with ExitStack() as stack:
        shelf = Path(stack.enter_context(TemporaryDirectory(prefix="ruhrmail-check-")))
        equipment = equip(config, environ, needs, stack, pictures=viewing is not None and viewing.pictures)
        return inspect_project(config, slugs, shelf, equipment, viewing, gaps)


def inspect_project(
    config: Config, slugs: Sequence[str], shelf: Path, equipment: Equipment, viewing: Viewing | None, gaps: Gaps
) -> list[Finding]:
    """The findings on a project whose settings can be read."""
    listed = roster_findings(config)
    findings = [*find_dkim_troubles(config, missing=False), *listed]
    documents = [config.document]
    try:
        findings.extend([] if slugs else find_misnamed(config.project))
        neighbours = tuple(find_neighbours(config.project))
        columns = merge_columns(config)
        if columns is None:
            gaps.files.add(config.name_of(roster_path(config)))
        inspection = Inspection(config, columns, listed, neighbours, shelf, equipment, viewing, documents, gaps)
        for slug in slugs or find_slugs(config.project):
            findings.extend(issue_findings(inspection, slug))
    except InvalidInput as error:
        gaps.everything = True
        findings.extend(error.findings)
    gaps.rules.update(find_idle(findings, equipment))
    return settle(findings, documents, config, read_rulebook().keys(), gaps.rules)


def find_idle(findings: Sequence[Finding], equipment: Equipment) -> Iterator[str]:
    """The ids of rules that could not run, or not to their end: where a browser fails, the rest is left out."""
    stuck = any(one.rule == "check/browser" for one in findings)
    for rule in RULES:
        if not is_equipped(rule, equipment) or (stuck and rule.needs == "browser"):
            yield rule.id


def issue_findings(inspection: Inspection, slug: str, rules: Sequence[Rule] = RULES) -> Iterator[Finding]:
    """The findings on one issue; that there is none of this name is one."""
    inspection.gaps.issues.add(slug)
    try:
        made = inspection.make(slug, marked=True)
    except InvalidInput as error:
        yield from error.findings
        yield from lint(tuple(own_templates(inspection.config.project)))
        return
    except RuhrmailError as error:
        at = error.at or Location(f"issues/{slug}")
        yield Finding("issue/missing", "error", at, error.message, error.hint)
        return
    inspection.documents.append(made.file.document)
    config = inspection.config
    dossier = make_dossier(config, made, inspection.neighbours, inspection.list_findings, lambda: inspection.make(slug))
    dossier = replace(dossier, equipment=inspection.equipment)
    if inspection.viewing:
        inspection.viewing.visit(dossier)
    yield from made.file.findings
    yield from run(dossier, rules, config.settings.check)
    inspection.gaps.issues.discard(slug)
