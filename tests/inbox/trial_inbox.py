"""The inbox as a process: `python trial_inbox.py FOLDER HOST [BYTES]`; BYTES bounds a file, like a full disk."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from ruhrmail.errors import RuhrmailError
from ruhrmail.inbox import run_inbox


def say(summary):
    print(json.dumps(asdict(summary), default=str), flush=True)


if __name__ == "__main__":
    folder, host, *limit = sys.argv[1:]
    if limit:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit[0]), int(limit[0])))
    try:
        run_inbox(Path(folder), host, 0, lambda address: print(address, flush=True), say)
    except RuhrmailError as error:
        sys.exit(f"{type(error).__name__}: {error}")
