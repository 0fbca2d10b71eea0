"""Builds the newest issue and sends it over real SMTP to the local inbox; a second run finds nobody left to mail.

All state of the demo lies in `.demo/`, apart from the project's own. `--serve` starts the web service on the demo's
state, so that the links in the received mails work.
"""

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ruhrmail.parse import find_slugs

PROJECT = Path(__file__).parents[1]
HOME = PROJECT / ".demo"
WEB = "127.0.0.1:8000"


def main() -> int:
    """Runs the demo; gives the exit code of its last command."""
    environ = demo_environment()
    if "--serve" in sys.argv[1:]:
        host, port = WEB.split(":")
        serve = command("serve", "--host", host, "--port", port)
        os.execve(serve[0], serve, environ)  # takes this process over, so that ending it ends the service
    slug = find_slugs(PROJECT)[-1]
    if code := ruhrmail(environ, "build", slug, "--out", str(HOME / "build")):
        return code
    with running_inbox(environ) as relay:
        code = ruhrmail({**environ, "RUHRMAIL_RELAY": relay}, "send", slug, "--yes")
    tell_where_to_look(slug)
    return code


def demo_environment() -> dict[str, str]:
    """The demo's own store, secret and web address."""
    HOME.mkdir(exist_ok=True)
    secret = HOME / "secret"
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_hex(32), encoding="ascii")
    return {
        **os.environ,
        "RUHRMAIL_STORE": f"sqlite:///{HOME / 'state.db'}",
        "RUHRMAIL_SECRET": secret.read_text(encoding="ascii"),
        "RUHRMAIL_URL": f"http://{WEB}",
    }


def ruhrmail(environ: Mapping[str, str], *arguments: str) -> int:
    """Runs one command, showing it as a person would type it."""
    print(f"\n$ ruhrmail {' '.join(shown(one) for one in arguments)}", flush=True)
    return subprocess.run(command(*arguments), env=environ, check=False).returncode


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "ruhrmail", "--project", str(PROJECT), *arguments]


def shown(argument: str) -> str:
    """A path as it looks from the project's folder."""
    return argument.removeprefix(f"{PROJECT}{os.sep}")


@contextmanager
def running_inbox(environ: Mapping[str, str]) -> Iterator[str]:
    """The local inbox on a free port; gives its address as a relay and ends it afterwards."""
    inbox = command("inbox", "--port", "0", "--dir", str(HOME / "inbox"))
    with subprocess.Popen(inbox, env=environ, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        words = process.stdout.readline().split()
        relay = next((word for word in words if word.startswith("smtp://")), "")
        try:
            if not relay:
                raise SystemExit("the inbox did not start")
            yield relay
        finally:
            process.send_signal(signal.SIGTERM)
            process.stdout.read()


def tell_where_to_look(slug: str) -> None:
    """Where the demo put what it made."""
    mails = sum(1 for one in (HOME / "inbox" / "new").glob("*"))
    print(
        f"\nThe inbox {shown(str(HOME / 'inbox'))}/ holds {mails} mails. Look at:\n"
        f"  {shown(str(HOME))}/build/{slug}/index.html   the web page, in a browser\n"
        f"  {shown(str(HOME))}/build/{slug}/mail.html    the mail; make demo-web lets it show its pictures\n"
        f"  {shown(str(HOME))}/build/{slug}/mail.txt     its text part\n"
        f"  {shown(str(HOME))}/inbox/new/{' ' * (len(slug) + 8)} what the subscribers got\n"
        "make demo-web starts the web service: pictures show and links work in the mails; unsubscribe somebody.\n"
        "Every further make demo mails only who has not got the issue yet."
    )


if __name__ == "__main__":
    sys.exit(main())
