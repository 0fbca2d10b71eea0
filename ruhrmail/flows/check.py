"""Settings, issues and list to findings."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ruhrmail.config import Config, load_config
from ruhrmail.errors import InvalidInput, RuhrmailError
from ruhrmail.flows.edition import make_edition
from ruhrmail.flows.roster import merge_columns, roster_findings
from ruhrmail.flows.signing import find_dkim_troubles
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.parse import find_misnamed, find_slugs


def check_project(project: Path, environ: Mapping[str, str], slugs: Sequence[str]) -> list[Finding]:
    """All findings on the settings, the list, and the named issues (none named: all). Builds in memory only."""
    try:
        config = load_config(project, environ)
    except InvalidInput as error:
        return list(error.findings)
    columns = merge_columns(config)
    findings = [*find_dkim_troubles(config, missing=False), *roster_findings(config)]
    try:
        findings.extend([] if slugs else find_misnamed(project))
        for slug in slugs or find_slugs(project):
            findings.extend(issue_findings(config, slug, columns))
    except InvalidInput as error:
        findings.extend(error.findings)
    return findings


def issue_findings(config: Config, slug: str, columns: frozenset[str] | None) -> Iterator[Finding]:
    """The findings on one issue; that there is none of this name is one."""
    try:
        yield from make_edition(config, slug, columns).file.findings
    except InvalidInput as error:
        yield from error.findings
    except RuhrmailError as error:
        at = error.at or Location(f"issues/{slug}")
        yield Finding("issue/missing", "error", at, error.message, error.hint)
