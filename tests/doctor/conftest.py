"""A small newsletter, looked at in this process, with name servers of the test's own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ruhrmail.flows.doctor import examine_project
from ruhrmail.flows.machine import this_machine
from ruhrmail.model.diagnosis import Diagnosis
from tests.servers.names import NameServer
from tests.stories.project import SECRET, small_project


@dataclass
class Surgery:
    """A project and what its environment says."""

    folder: Path
    names: NameServer
    environ: dict[str, str] = field(default_factory=dict)

    def look(self, *only: str, **environ: str) -> list[Diagnosis]:
        """The lines."""
        known = {"RUHRMAIL_RESOLVER": self.names.address, "RUHRMAIL_SECRET": SECRET, **self.environ, **environ}
        return examine_project(self.folder, known, only, this_machine())

    def told(self, *only: str, **environ: str) -> list[str]:
        """The same as `state id`, those that are not fine with what they say."""
        return [f"{one.state} {one.id.removeprefix('doctor/')}" for one in self.look(*only, **environ)]

    def settings(self, text: str) -> None:
        """Adds lines to the settings."""
        file = self.folder / "ruhrmail.yaml"
        file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.fixture
def surgery(tmp_path: Path) -> Iterator[Surgery]:
    small_project(tmp_path / "project")
    with NameServer(zone={}).running() as names:
        yield Surgery(tmp_path / "project", names)
