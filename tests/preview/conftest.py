"""A preview: the real program in a process of its own, over a project in a temporary folder."""

import json
import os
import shutil
import signal
import subprocess
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue

import httpx
import pytest

from tests.driver.hatched import Hatched, start_module

ROOT = Path(__file__).parents[2]
SETTINGS = """newsletter:
  name: Ruhrblick
  url: https://newsletter.example
  sender: {name: Ruhrblick, address: redaktion@newsletter.example}
  legal_basis: Bestandskunden
imprint:
  organisation: Beispiel GmbH
  street: Zechenstraße 1
  city: 44787 Bochum
  email: info@newsletter.example
  phone: "+49 234 123"
  represented_by: Erika Beispiel
  responsible: Erika Beispiel
delivery:
  test: [probe@newsletter.example]
"""
ISSUE = """number: 7
date: 2026-11-06
subject: Licht in der Maschinenhalle, {{ first_name or "ganz ohne Namen" }}
preheader: Drei Geschichten aus Herne und Hamm
content:
  - type: text
    text: |
      {{ greeting }}, in Herne brennt wieder Licht.
  - type: article
    title: Der Radweg ist fertig
    image: {src: radweg.jpg, alt: Der Radweg am Kanal, credit: "Foto: Beispiel"}
    text: Er führt von Herne nach Hamm.
    body: Ein langer Bericht über den Radweg.
  - type: text
    only_for: [kultur]
    text: Nur für Kulturfreunde.
  - type: events
    title: Termine
    events:
      - {title: Radtour, start: 2026-11-21T10:00, place: Herne}
"""
LIST = "email;vorname;nachname;tags\nlea@leserin.example;Lea;Muster;kultur\njan@leser.example;Jan;Probe;\n"
PICTURE = ROOT / "issues" / "2026-11" / "kanalradweg.jpg"


def make_project(folder):
    """A newsletter with one issue of two variants."""
    issue = folder / "issues" / "2026-11"
    issue.mkdir(parents=True)
    (folder / "ruhrmail.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "subscribers.csv").write_text(LIST, encoding="utf-8")
    (issue / "issue.yaml").write_text(ISSUE, encoding="utf-8")
    shutil.copy(PICTURE, issue / "radweg.jpg")
    return folder


@dataclass
class Stream:
    """The events that one window is told, read in a thread."""

    address: str
    events: "Queue[tuple[str, dict]]" = field(default_factory=Queue)
    open: bool = True

    def read(self):
        """Until the preview ends, also by force."""
        with suppress(httpx.TransportError):
            self.read_events()

    def read_events(self):
        kind = ""
        with (
            httpx.Client(trust_env=False, timeout=60) as client,
            client.stream("GET", self.address) as response,
        ):
            for line in response.iter_lines():
                if not self.open:
                    return
                if line.startswith("event: "):
                    kind = line[7:]
                elif line.startswith("data: "):
                    self.events.put((kind, json.loads(line[6:])))

    def wait_for(self, kind, accept=lambda data: True, seconds=60):
        """The data of the next such event."""
        end = time.monotonic() + seconds
        seen = []
        while (left := end - time.monotonic()) > 0:
            try:
                found = self.events.get(timeout=left)
            except Empty:
                break
            if found[0] == kind and accept(found[1]):
                return found[1]
            seen.append(found)
        raise AssertionError(f"no {kind} within {seconds} s, but {seen}")

    def wait_for_silence(self, seconds=0.35):
        """Forgets what is told about earlier changes."""
        for _ in range(200):
            try:
                self.events.get(timeout=seconds)
            except Empty:
                return

    def all(self):
        """Every event so far."""
        found = []
        while not self.events.empty():
            found.append(self.events.get())
        return found


@dataclass
class Preview:
    project: Path
    address: str
    process: Hatched | subprocess.Popen
    client: httpx.Client
    streams: list = field(default_factory=list)

    @property
    def issue(self):
        return self.project / "issues" / "2026-11" / "issue.yaml"

    @property
    def port(self):
        return httpx.URL(self.address).port

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.port}"

    def get(self, path, **options):
        return self.client.get(self.address + path, **options)

    def json(self, path):
        answer = self.get(path)
        assert 200 == answer.status_code, answer.text
        return answer.json()

    def post(self, path, data, origin=None):
        return self.client.post(self.address + path, json=data, headers={"Origin": origin or self.origin})

    def window(self, slug="2026-11"):
        """A window that looks at an issue, greeted already."""
        stream = Stream(f"{self.address}events?issue={slug}")
        threading.Thread(target=stream.read, daemon=True).start()
        self.streams.append(stream)
        stream.wait_for("hello")
        if slug:
            self.json(f"issues/{slug}")
        stream.wait_for_silence()
        return stream

    def wait_to_show(self, window, text, page="issues/2026-11/mail"):
        """What is told once a page holds the text; an event before may be about a save that was seen half done."""
        return window.wait_for("issue", lambda data: data["ok"] and text in self.get(page).text)

    def save(self, old, new):
        """What an editor does: the whole file anew."""
        text = self.issue.read_text(encoding="utf-8")
        assert old in text
        self.issue.write_text(text.replace(old, new), encoding="utf-8")

    def restore(self):
        """The project as it was."""
        (self.project / "ruhrmail.yaml").write_text(SETTINGS, encoding="utf-8")
        (self.project / "subscribers.csv").write_text(LIST, encoding="utf-8")
        self.issue.parent.mkdir(parents=True, exist_ok=True)
        if not (self.issue.parent / "radweg.jpg").exists():
            shutil.copy(PICTURE, self.issue.parent / "radweg.jpg")
        self.issue.write_text(ISSUE, encoding="utf-8")

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(10)


def environment(language="de"):
    """The process's own, without what would lead to other stores and relays."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RUHRMAIL_")}
    return {**kept, "RUHRMAIL_LANG": language, "PYTHONPATH": str(ROOT)}


def ruhrmail(project, *arguments, **environ):
    """Another command over the same project, to its end."""
    command = ["--project", str(project), *arguments]
    with start_module("ruhrmail", command, environment() | environ, cwd=project) as process:
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(command, process.wait(), out, err)


@contextmanager
def run_preview(project, *options, language="de"):
    command = ["--project", str(project), "preview", "--no-open", *options]
    with (
        start_module("ruhrmail", command, environment(language), cwd=project) as process,
        httpx.Client(trust_env=False, timeout=60) as client,
    ):
        try:
            line = ""
            while "http://" not in line:
                line = process.stdout.readline()
                assert line, "the preview ended before it was ready"
            preview = Preview(project, line.split()[-1], process, client)
            yield preview
        finally:
            for stream in preview.streams:
                stream.open = False
            process.kill()


@pytest.fixture(scope="session")
def shared_preview(tmp_path_factory):
    with run_preview(make_project(tmp_path_factory.mktemp("preview")), "--port", "0") as preview:
        preview.get("issues/2026-11")
        yield preview


@pytest.fixture
def preview(shared_preview):
    """The preview that most tests share, its project as it was."""
    yield shared_preview
    for stream in shared_preview.streams:
        stream.open = False
    shared_preview.streams.clear()
    shared_preview.restore()


@pytest.fixture
def start_preview(tmp_path):
    """A function that starts a preview of the test's own."""

    @contextmanager
    def start(*options, project=None, **more):
        with run_preview(project or make_project(tmp_path / "project"), "--port", "0", *options, **more) as preview:
            yield preview

    return start
