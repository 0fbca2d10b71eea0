"""The inbox's SMTP server: takes everything, says 250 when it is on disk."""

import asyncio
import errno
import ipaddress
import logging
import secrets
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from ruhrmail.errors import UsageError
from ruhrmail.inbox.keep import file_name, keep, make_maildir, trace
from ruhrmail.inbox.summary import HEAD, Summary, summarize
from ruhrmail.interrupts import ending_signals
from ruhrmail.listening import address_of, listen
from ruhrmail.model.phrase import phrase

SIZE_LIMIT = 50 * 1024 * 1024
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
OnMessage = Callable[[Summary], None]


@dataclass(frozen=True, slots=True)
class Keeper:
    """What aiosmtpd asks about each message."""

    folder: Path
    on_message: OnMessage

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keeps the message and gives the reply to the final dot."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        # aiosmtpd calls the empty return path of a bounce `<>`.
        sender = (envelope.mail_from or "").removeprefix("<").removesuffix(">")
        head = trace(sender, envelope.rcpt_tos)
        name = file_name(datetime.now(UTC), secrets.token_hex(8))
        try:
            file = await asyncio.to_thread(keep, self.folder, name, (head, content))
        except OSError as error:
            return refusal(error)
        self.on_message(summarize((head + content[:HEAD])[:HEAD], len(head) + len(content), file))
        return f"250 2.0.0 kept as {name}"


def refusal(error: OSError) -> str:
    """The reply when a message could not be kept: come again (RFC 3463, X.3.1 and X.3.0)."""
    if error.errno in FULL:
        return "452 4.3.1 the disk is full"
    return f"451 4.3.0 cannot keep the message: {error.strerror}"


def run_inbox(folder: Path, host: str, port: int, on_ready: Callable[[str], None], on_message: OnMessage) -> None:
    """Takes mail for anybody until SIGTERM or SIGINT and keeps it in the Maildir `folder`.

    `on_ready` gets `host:port` with the real port, `on_message` each message once it is on disk.
    Raises UsageError for a host that others can reach, RuhrmailError when port or folder cannot be had.
    """
    if not is_loopback(host):
        raise UsageError(
            phrase("the inbox takes mail for everybody, so it listens on this machine only, not on {host}", host=host),
            hint=phrase("leave --host away, or use 127.0.0.1"),
        )
    # aiosmtpd warns in the words of whoever is connected, control characters included.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    with listen(host, port) as listener:
        make_maildir(folder)
        asyncio.run(take_mail(listener, Keeper(folder, on_message), on_ready))


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


async def take_mail(listener: socket.socket, keeper: Keeper, on_ready: Callable[[str], None]) -> None:
    """Serves connections until told to stop; a message that is being written is written to its end."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    # A fixed name: by default every connection would look this machine up in the DNS.
    converse = partial(
        SMTP,
        keeper,
        hostname="localhost",
        ident="ruhrmail inbox",
        data_size_limit=SIZE_LIMIT,
        enable_SMTPUTF8=True,
        loop=loop,
    )
    with stopping(lambda: loop.call_soon_threadsafe(stop.set)):
        server = await loop.create_server(converse, sock=listener)
        on_ready(address_of(listener))
        await stop.wait()
        server.close()


@contextmanager
def stopping(stop: Callable[[], object]) -> Iterator[None]:
    """Lets SIGTERM, SIGINT and a closed terminal call `stop`; outside the main thread signals are somebody else's."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, lambda *_: stop()) for number in ending_signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
