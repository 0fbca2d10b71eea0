"""aiosmtplib as it comes: 20 clients, each sends one finished message after the other with `sendmail`."""

import asyncio
from collections.abc import Iterator

import aiosmtplib

from benchmarks.letter import SENDER
from benchmarks.peers.timed import arguments, print_timed

CONNECTIONS = 20


async def send_all(port: int, count: int, message: bytes) -> None:
    """Shares the recipients among the clients."""
    addresses = (f"reader{number}@example.org" for number in range(count))
    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(send_some(port, addresses, message))


async def send_some(port: int, addresses: Iterator[str], message: bytes) -> None:
    """One connection, as long as there are addresses."""
    async with aiosmtplib.SMTP(
        hostname="127.0.0.1", port=port, local_hostname="localhost", start_tls=False, timeout=60
    ) as smtp:
        for address in addresses:
            await smtp.sendmail(SENDER, [address], message)


if __name__ == "__main__":
    port, count, folder = arguments()
    message = (folder / "letter.eml").read_bytes()
    print_timed(count, lambda: asyncio.run(send_all(port, count, message)))
