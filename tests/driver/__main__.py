"""One command with trouble on order, or a nursery of such commands."""

import argparse
import json
import os
import sys
import traceback
from pathlib import Path

from ruhrmail.cli import main
from tests.driver.errand import Errand, prepare


def serve() -> None:
    """Reads orders, one JSON object a line: starts a child (answers its number), or tells how one ended (null: not)."""
    for line in sys.stdin:
        order = json.loads(line)
        if "start" in order:
            print(start(Errand(**order["start"])), flush=True)
        else:
            pid, status = os.waitpid(order["poll"], os.WNOHANG)
            print(json.dumps(os.waitstatus_to_exitcode(status) if pid else None), flush=True)


def start(errand: Errand) -> int:
    """A child that does the errand; its number."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        redirect(Path(errand.output))
        os.environ.update(errand.environ)
        prepare(errand)
        sys.argv[1:] = errand.arguments
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - whoever waits reads it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def redirect(output: Path) -> None:
    """Nothing to read, and everything said into one file."""
    file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for here, there in ((nothing, 0), (file, 1), (file, 2)):
        os.dup2(here, there)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)  # orders were read from the other one


def read_options() -> Errand:
    """POINT:COUNT is the COUNT-th passage of a point."""
    parser = argparse.ArgumentParser(description="ruhrmail with trouble on order")
    parser.add_argument("--kill", default="", metavar="POINT:COUNT")
    parser.add_argument("--freeze", default="", metavar="POINT:COUNT")
    parser.add_argument("--sabotage", action="append", default=[])
    parser.add_argument("--under", action="append", default=[])
    parser.add_argument("--clock", default="", metavar="FILE", help="holds seconds to add to the clock")
    parser.add_argument("arguments", nargs="*")
    return Errand(**vars(parser.parse_args()))


if __name__ == "__main__":
    if len(sys.argv) == 1:
        serve()
    else:
        found = read_options()
        prepare(found)
        sys.argv[1:] = found.arguments
        main()
