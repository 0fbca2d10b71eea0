"""The server behind a relay, that refuses recipients with the words of real ones.

`with next_hop({"voll@halde.example": "552 5.2.2 Mailbox full"}, size=33_000_000) as port:` takes everybody else's mail
and forgets it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers.smtp_sink import free_port


class Refusing:
    """A handler that answers RCPT as it was told to."""

    def __init__(self, refused: Mapping[str, str]) -> None:
        self.refused = refused

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self.refused.get(address, "250 ok")
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply


@contextmanager
def next_hop(refused: Mapping[str, str], size: int = 33_554_432) -> Iterator[int]:
    """Gives its port on loopback; `size` is the largest message that it takes, in bytes."""
    server = Controller(Refusing(refused), hostname="127.0.0.1", port=free_port(), data_size_limit=size)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()
