"""A crew whose children only wait: `python trial_crew.py COUNT MANNER FOLDER [PATIENCE [SILENCE]]`.

One line for each event.
"""

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


def wait_at(folder, manner, index, line):
    """One child: `steady` waits; `broken` fails at once; `deaf` hears no SIGTERM; with a file `worse` it fails.

    With a file `hang` the first one hangs.
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
    line.ready()
    if manner == "stumbling" and not index and not (folder / "stumbled").exists():
        (folder / "stumbled").touch()
        wait_for(folder / "waiting1")
        return 1
    while index or not (folder / "hang").exists():
        line.alive()
        time.sleep(0.02)
    (folder / "hangs").touch()
    while True:
        time.sleep(60)


if __name__ == "__main__":
    count, manner, folder, patience, silence = (*sys.argv[1:], *("9.5", "30")[len(sys.argv) - 4 :])
    crew = Crew(
        int(count),
        lambda index, line: wait_at(Path(folder), manner, index, line),
        say,
        lambda: say(f"ready {os.getpid()}"),
        lambda: None,
        lambda: say("ends"),
        patience=float(patience),
        silence=float(silence),
        grace=0.5,
    )
    sys.exit(crew.run())
