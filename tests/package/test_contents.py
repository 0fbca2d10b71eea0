"""Wheel and sdist hold what is needed and nothing else."""

import email
import subprocess
import tarfile
import zipfile
from email.message import Message
from pathlib import Path

import pytest

from ruhrmail import __version__
from tests.stories.project import REPOSITORY

SHARES = {
    "completions/ruhrmail.bash": "bash-completion/completions/ruhrmail",
    "completions/ruhrmail.fish": "fish/vendor_completions.d/ruhrmail.fish",
    "completions/_ruhrmail": "zsh/site-functions/_ruhrmail",
}
FOLDERS = {"man/": "man/", "schema/": "ruhrmail/schema/"}
BESIDE = {"CHANGELOG.md", "LICENSE", "README.md", "pyproject.toml"}
MADE = {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE"}


def tracked(*folders: str) -> set[str]:
    words = ["git", "-C", str(REPOSITORY), "ls-files", "-z", "--", *folders]
    names = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split("\0")
    return {name for name in names if name and (REPOSITORY / name).is_file()}


def shared(name: str) -> str:
    """Where a file of the repository lies below share/ of an installation."""
    folder = next((folder for folder in FOLDERS if name.startswith(folder)), "")
    return FOLDERS[folder] + name.removeprefix(folder) if folder else SHARES[name]


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        return email.message_from_bytes(archive.read(f"ruhrmail-{__version__}.dist-info/METADATA"))


def test_the_wheel_holds_the_package_what_is_shared_and_nothing_else(wheel):
    data, info = f"ruhrmail-{__version__}.data/data/share", f"ruhrmail-{__version__}.dist-info"
    shares = {f"{data}/{shared(name)}" for name in tracked("completions", "man", "schema")}
    with zipfile.ZipFile(wheel) as archive:
        assert tracked("ruhrmail") | shares | {f"{info}/{name}" for name in MADE} == set(archive.namelist())


@pytest.mark.parametrize(
    "name",
    ["py.typed", "rulebook.json", "locales/de.json", "locales/rules/img.yaml", "themes/ruhr/mail.mjml.j2",
     "themes/magazin/mail.mjml.j2", "preview/static/index.html", "archive/templates/search.js",
     "web/templates/start.html.j2", "patterns/project/workflow.yml", "clients/caniemail.json",
     "report/templates/report.html.j2"],
)  # fmt: skip
def test_the_wheel_has_what_the_program_reads(wheel, name):
    with zipfile.ZipFile(wheel) as archive:
        assert (REPOSITORY / "ruhrmail" / name).read_bytes() == archive.read(f"ruhrmail/{name}")


def test_the_sdist_holds_what_the_wheel_is_made_from_and_no_tests(packages):
    folder = f"ruhrmail-{__version__}"
    (sdist,) = packages.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        held = {member.name.removeprefix(f"{folder}/") for member in archive.getmembers() if member.isfile()}
    assert tracked("completions", "man", "ruhrmail", "schema") | BESIDE | {"PKG-INFO"} == held


def test_every_member_has_plain_modes_and_the_time_of_the_commit(wheel):
    with zipfile.ZipFile(wheel) as archive:
        assert {0o644} == {member.external_attr >> 16 & 0o777 for member in archive.infolist()}
        assert 1 == len({member.date_time for member in archive.infolist()})


def test_the_metadata_say_what_it_is_and_for_which_pythons(metadata):
    assert ("ruhrmail", __version__, "MIT") == tuple(
        metadata[name] for name in ("Name", "Version", "License-Expression")
    )
    assert ">=3.11" == metadata["Requires-Python"]
    assert {"browser", "fast", "postgresql"} <= set(metadata.get_all("Provides-Extra", []))
    assert "Newsletter-as-code" in metadata.get_payload()


def test_the_wheel_is_for_every_system(wheel):
    assert f"ruhrmail-{__version__}-py3-none-any.whl" == wheel.name
