"""Settings, issues and list to findings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from ruhrmail.check import RULES, Neighbour, known_ids, lint, run, settle
from ruhrmail.config import Config, load_config
from ruhrmail.errors import InvalidInput, RuhrmailError
from ruhrmail.flows.dossier import find_neighbours, make_dossier, own_templates
from ruhrmail.flows.edition import Made, make_edition
from ruhrmail.flows.roster import merge_columns, roster_findings
from ruhrmail.flows.signing import find_dkim_troubles
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.parse import find_misnamed, find_slugs
from ruhrmail.source import Document


@dataclass(frozen=True, slots=True)
class Inspection:
    """What is the same for all issues of a run; `shelf` keeps fitted pictures as long as it goes on, `documents`
    gathers the files that were checked to their end."""

    config: Config
    columns: frozenset[str] | None
    list_findings: Sequence[Finding]
    neighbours: Sequence[Neighbour]
    shelf: Path
    documents: list[Document] = field(default_factory=list)

    def make(self, slug: str, *, marked: bool = False) -> Made:
        """One issue, rendered. Raises InvalidInput, RuhrmailError where there is none of this name."""
        return make_edition(self.config, slug, self.columns, shelf=self.shelf, marked=marked)


def check_project(project: Path, environ: Mapping[str, str], slugs: Sequence[str]) -> list[Finding]:
    """All findings on the settings, the list, and the named issues (none named: all). Builds outside the project."""
    try:
        config = load_config(project, environ)
    except InvalidInput as error:
        return list(error.findings)
    with TemporaryDirectory(prefix="ruhrmail-check-") as shelf:
        return inspect_project(config, slugs, Path(shelf))


def inspect_project(config: Config, slugs: Sequence[str], shelf: Path) -> list[Finding]:
    """The findings on a project whose settings can be read."""
    listed = roster_findings(config)
    findings = [*find_dkim_troubles(config, missing=False), *listed]
    documents = [config.document]
    try:
        findings.extend([] if slugs else find_misnamed(config.project))
        neighbours = tuple(find_neighbours(config.project))
        inspection = Inspection(config, merge_columns(config), listed, neighbours, shelf, documents)
        for slug in slugs or find_slugs(config.project):
            findings.extend(issue_findings(inspection, slug))
    except InvalidInput as error:
        findings.extend(error.findings)
    return settle(findings, documents, config, known_ids())


def issue_findings(inspection: Inspection, slug: str) -> Iterator[Finding]:
    """The findings on one issue; that there is none of this name is one."""
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
    yield from made.file.findings
    yield from run(dossier, RULES, config.settings.check)
