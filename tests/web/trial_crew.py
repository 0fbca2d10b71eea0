"""A crew whose children only wait: `python trial_crew.py COUNT MANNER FOLDER [PATIENCE]`: one line for each event."""

import os
import signal
import sys
import time
from pathlib import Path

from ruhrmail.web.processes import Crew


def say(text):
    print(text, flush=True)


def wait_for(file):
    end = time.monotonic() + 60
    while not file.exists() and time.monotonic() < end:
        time.sleep(0.02)


def wait_at(folder, manner, index, ready):
    """One child: `steady` waits; `broken` fails at once; `deaf` hears no SIGTERM; with a file `worse` it fails.

    `slow` is ready when there is a file `go`; of `stumbling` ones the first ends, once, when another is about to be.
    """
    if manner == "broken" or (folder / "worse").exists():
        return 7
    if manner == "bug":
        raise ZeroDivisionError("a mistake of ours")
    if manner == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    (folder / f"waiting{index}").touch()
    if manner == "slow" or (manner == "stumbling" and index):
        wait_for(folder / "go")
    (folder / f"{index}-{os.getpid()}").touch()
    ready()
    if manner == "stumbling" and not index and not (folder / "stumbled").exists():
        (folder / "stumbled").touch()
        wait_for(folder / "waiting1")
        return 1
    while True:
        time.sleep(60)


if __name__ == "__main__":
    count, manner, folder, patience = [*sys.argv[1:], "9.5"][:4]
    crew = Crew(
        int(count),
        lambda index, ready: wait_at(Path(folder), manner, index, ready),
        say,
        lambda: say(f"ready {os.getpid()}"),
        lambda: None,
        lambda: say("ends"),
        patience=float(patience),
    )
    sys.exit(crew.run())
