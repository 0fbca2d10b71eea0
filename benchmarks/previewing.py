"""From a save to the preview's event and to the mail in hand, over an issue of twelve sections: the server's side."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from urllib.request import ProxyHandler, build_opener

from benchmarks.rendering import write_project
from benchmarks.timing import report

SAVES = 60
PAUSE = 0.25
"""Seconds between two saves: by then the check of the one before is under way, as when somebody types and saves."""
ISSUE = "zwoelf"
PATIENCE = 20
BROWSE = build_opener(ProxyHandler({}))


@dataclass
class Window:
    """One stream of events, read in a thread; `told` gets when an event of the issue came."""

    address: str
    told: "Queue[float]" = field(default_factory=Queue)

    def read(self) -> None:
        with BROWSE.open(f"{self.address}events?issue={ISSUE}", timeout=PATIENCE) as stream:
            for line in stream:
                if line.startswith(b"event: issue"):
                    self.told.put(time.perf_counter())


def measure_previewing() -> None:
    """Prints the time to the first mail, and medians from a save to its event and to the mail."""
    with tempfile.TemporaryDirectory() as folder:
        write_project(Path(folder))
        begin = time.perf_counter()
        with run_preview(Path(folder)) as address:
            load_mail(address)
            print(f"{'from the command to the first mail':48} {1000 * (time.perf_counter() - begin):15.1f} ms")
            window = Window(address)
            threading.Thread(target=window.read, daemon=True).start()
            time.sleep(1)
            events, mails = measure_saves(Path(folder) / "issues" / f"{ISSUE}.yaml", address, window)
            report("save to event", events)
            report("save to the mail's HTML at the window", mails)


def measure_saves(file: Path, address: str, window: Window) -> tuple[list[float], list[float]]:
    """The seconds of each save, until its event and until its mail."""
    text = file.read_text(encoding="utf-8")
    events, mails = [], []
    for number in range(SAVES):
        while not window.told.empty():
            window.told.get()
        begin = time.perf_counter()
        file.write_text(text.replace("subject: Licht", f"subject: Licht {number}"), encoding="utf-8")
        events.append(window.told.get(timeout=PATIENCE) - begin)
        load_mail(address)
        mails.append(time.perf_counter() - begin)
        time.sleep(PAUSE)
    return events, mails


def load_mail(address: str) -> None:
    """What a frame does."""
    with BROWSE.open(f"{address}issues/{ISSUE}/mail", timeout=PATIENCE) as answer:
        answer.read()


@contextmanager
def run_preview(project: Path) -> Iterator[str]:
    """The program over a project; gives its address."""
    command = [
        sys.executable,
        "-m",
        "ruhrmail",
        "--project",
        str(project),
        "preview",
        ISSUE,
        "--no-open",
        "--port",
        "0",
    ]
    environ = os.environ | {"RUHRMAIL_LANG": "en"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ, cwd=project) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()


if __name__ == "__main__":
    measure_previewing()
