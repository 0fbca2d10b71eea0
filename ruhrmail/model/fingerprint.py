"""What makes a finding the same one although lines were added above it."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence

from ruhrmail.model.finding import Finding

DIGITS = re.compile(r"\d+")
LENGTH = 32


def fingerprints(findings: Sequence[Finding]) -> list[str]:
    """A fingerprint for each finding, different from all others of the list.

    It is made of the rule, the file, the source line without its indentation, and the message (English, without its
    numbers: a mail that grew from 81 to 82 KB is the same trouble). Equal ones are told apart by their order.
    """
    seen: Counter[str] = Counter()
    found = []
    for finding in findings:
        said = DIGITS.sub("#", str(finding.message))
        parts = (finding.rule, finding.at.file, " ".join(finding.at.excerpt.split()), said)
        name = digest("\0".join(parts))
        found.append(digest(f"{name}\0{seen[name]}") if seen[name] else name)
        seen[name] += 1
    return found


def digest(text: str) -> str:
    """A short hash; file names may hold halves of surrogate pairs."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]
