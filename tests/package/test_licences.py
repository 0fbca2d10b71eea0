"""What the program needs may be used with a program under the MIT licence, all of it."""

import re
from importlib.metadata import distribution, metadata

import pytest
from packaging.requirements import Requirement

from tests.stories.project import REPOSITORY

PERMISSIVE = re.compile(
    r"MIT(-0|-CMU)?( License)?|BSD(-[23]-Clause| License)?|ISC( License \(ISCL\))?|Apache(-2\.0| Software License)"
    r"|PSF-2\.0|Unlicense|The Unlicense \(Unlicense\)|MPL-2\.0"
    r"|Mozilla Public License 2\.0 \(MPL 2\.0\)|SIL Open Font License 1\.1 \(OFL-1\.1\)"
    r"|LGPL-3\.0-only"
)
"""MPL-2.0 (certifi), OFL-1.1 (the typeface) and LGPL-3.0 (psycopg, in an extra) bind changes of the library itself."""
EXTRAS = ("axe-playwright-python", "playwright", "procrastinate", "psycopg", "psycopg-binary", "uvloop")


def locked() -> list[str]:
    """The libraries of requirements.txt that this system and Python need."""
    lines = (REPOSITORY / "requirements.txt").read_text(encoding="utf-8").splitlines()
    found = [Requirement(line.rstrip(" \\")) for line in lines if re.match(r"[a-z]", line)]
    return [one.name for one in found if one.marker is None or one.marker.evaluate()]


def licences_of(name: str) -> list[str]:
    """What a library declares: its expression, else its classifiers, else its free text."""
    told = metadata(name)
    expression = told.get("License-Expression")
    if expression:
        return re.split(r" (?:OR|AND) ", expression)
    prefix = "License :: OSI Approved :: "
    found = [one.removeprefix(prefix) for one in told.get_all("Classifier", []) if one.startswith(prefix)]
    return found or [told.get("License") or first_line(name)]


def first_line(name: str) -> str:
    """How the text of its licence begins."""
    (file,) = [one for one in distribution(name).files or () if one.name == "LICENSE"]
    return file.read_text().splitlines()[0].strip()


@pytest.mark.parametrize("name", [*locked(), *EXTRAS])
def test_its_licence_is_known_and_permits(name):
    assert [] == [licence for licence in licences_of(name) if not PERMISSIVE.fullmatch(licence)]
