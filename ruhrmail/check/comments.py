"""The manual pages of the two rules that `settle` itself applies."""

from collections.abc import Iterator

from ruhrmail.check.dossier import Dossier
from ruhrmail.model.finding import Finding


def find_unknown_ids(_: Dossier) -> Iterator[Finding]:
    """A comment or `check.rules` names a rule that does not exist.

    Why: A misspelt id silences nothing, and nobody notices.
    Bad:
        # ruhrmail: ignore link/trackking the partner asked for it
        content:
          - {type: divider}
    Good:
        content:
          - {type: divider}
    Remedy: see the hint, or `ruhrmail check --rules`
    """
    return iter(())


def find_unused_ignores(_: Dossier) -> Iterator[Finding]:
    """A comment silences a rule that finds nothing there.

    Why: What it was for is mended. Left there it would hide the next fault.
    Bad:
        # ruhrmail: ignore text/placeholder the word is a quotation
        content:
          - {type: divider}
    Good:
        content:
          - {type: divider}
    Remedy: delete the comment
    """
    return iter(())
