"""A process that has read the libraries, and has children that run commands: `python -m tests.driver.brooder FD`.

Reading them takes a command longer than what it does. A child is a process like any other: it has its own environment,
descriptors and signals, and can be killed; only what it would have read it finds in memory. The command line itself it
reads anew, for the words of `--help` are chosen then.
"""

import atexit
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import sys
import threading
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

import ruhrmail
from ruhrmail.theme import PACKAGED, open_theme

ANEW = ("ruhrmail.cli", "ruhrmail.__main__", "ruhrmail.check.browser")
"""What a child reads by itself."""
LATE = """
    PIL.JpegImagePlugin PIL.PngImagePlugin aiosmtpd.smtp aiosmtplib anyio._backends._asyncio babel.dates
    dns._asyncio_backend encodings.unicode_escape flufl.bounce lxml.etree markdown_it.presets mjml nh3
    pydantic.json_schema rich.console rich.live rich.progress sqlalchemy.dialects.postgresql.psycopg
    sqlalchemy.dialects.sqlite.pysqlite starlette.routing typer.rich_utils uvicorn.lifespan.on
    uvicorn.protocols.http.httptools_impl uvloop watchfiles
"""
"""What ruhrmail imports when it needs it."""


def read_libraries() -> None:
    """Imports all that commands may import, and keeps it out of the way of the garbage collector."""
    package = Path(ruhrmail.__file__).parent
    ours = sorted(".".join(file.relative_to(package.parent).with_suffix("").parts) for file in package.rglob("*.py"))
    for name in [name for name in ours if not name.startswith(ANEW)] + LATE.split():
        importlib.import_module(name.removesuffix(".__init__"))
    compile_templates()
    gc.collect()
    gc.freeze()
    assert [threading.main_thread()] == threading.enumerate(), "a process with threads must not have children"


def compile_templates() -> None:
    """Those of all packaged themes, as they are built and as they are checked."""
    names = {Path(*file.relative_to(PACKAGED).parts[1:]).as_posix() for file in PACKAGED.rglob("*.j2")}
    for folder in PACKAGED.iterdir():
        for marked in (False, True):
            open_theme(Path(os.devnull), folder.name, marked=marked).prepare(names)
    open_theme.cache_clear()


def have_children(orders: socket.socket) -> dict[str, Any] | None:
    """Answers each order with the child's number, and writes into the last of its descriptors how the child ended.

    Comes back with the order in the child, and with nothing when there will be no more orders.
    """
    waking, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(woken)
    living: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([orders, waking], [], [])
        if waking in ready:
            os.read(waking, 4096)
            bury(living)
        if orders in ready:
            message, descriptors, _, _ = socket.recv_fds(orders, 1 << 20, 4)
            if not message:
                return None
            if (pid := os.fork()) == 0:
                orders.detach()
                stand_alone(descriptors[:3])
                return dict(json.loads(message))
            living[pid] = descriptors[3]
            for descriptor in descriptors[:3]:
                os.close(descriptor)
            orders.send(str(pid).encode())


def bury(living: dict[int, int]) -> None:
    """Tells how children ended, as `subprocess` does: the exit code, negative for a signal."""
    with suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            pid, status = found
            descriptor = living.pop(pid)
            with suppress(BrokenPipeError):
                os.write(descriptor, str(os.waitstatus_to_exitcode(status)).encode())
            os.close(descriptor)


def stand_alone(streams: list[int]) -> None:
    """Makes the child's signals and descriptors those of a program that was just started."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for there, here in enumerate(streams):
        os.dup2(here, there)
    os.closerange(3, 1024)
    take_streams()


def take_streams() -> None:
    """New files over the standard descriptors, with the encodings that this process began with."""
    sys.stdin = open(0, encoding=sys.stdin.encoding, closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding=sys.stdout.encoding, errors=sys.stdout.errors, closefd=False)  # noqa: SIM115
    sys.stderr = open(  # noqa: SIM115
        2, "w", encoding=sys.stderr.encoding, errors=sys.stderr.errors, buffering=1, closefd=False
    )


def run_command(order: dict[str, Any]) -> int:
    """Runs a module as `python -m` would; its exit code."""
    os.environ.clear()
    os.environ.update(order["environ"])
    time.tzset()
    os.chdir(order["cwd"])
    sys.argv[1:] = order["arguments"]
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
        runpy.run_module(order["module"], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if end.code is not None and not isinstance(end.code, int):
            print(end.code, file=sys.stderr)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - as the interpreter does it
        traceback.print_exc()
        return 1
    return 0


def end(code: int) -> None:
    """Ends the process as the interpreter does, but leaves it to the system to take the memory back."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(
        signal.SIG_BLOCK, [signal.SIGINT]
    )  # one for a child that was just born waits until it listens
    read_libraries()
    with socket.socket(fileno=int(sys.argv[1])) as from_tests:
        order = have_children(from_tests)
    if order:
        end(run_command(order))
