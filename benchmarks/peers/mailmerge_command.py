"""mailmerge, its own command, without the time that its imports take. It opens a connection for each message."""

import contextlib
import os

from mailmerge.__main__ import main

from benchmarks.peers.timed import arguments, print_timed


def send_all(count: int) -> None:
    """`mailmerge --no-dry-run --limit COUNT` in the current folder; it prints each message, here to nowhere."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):  # noqa: PTH123
        main(["--no-dry-run", "--limit", str(count), "--output-format", "raw"], standalone_mode=False)


if __name__ == "__main__":
    port, count, folder = arguments()
    os.chdir(folder)
    (folder / "mailmerge_server.conf").write_text(f"[smtp_server]\nhost = 127.0.0.1\nport = {port}\n", encoding="utf-8")
    print_timed(count, lambda: send_all(count))
