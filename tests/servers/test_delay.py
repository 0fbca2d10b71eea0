"""The proxy delays what passes, keeps its order, and cuts where it says."""

import asyncio
import time
from contextlib import suppress

import pytest

from tests.servers.delay import Proxy, delayed
from tests.servers.sink import Fault, Sink

NOON = 0.02


async def open_to(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", port)


def test_a_round_trip_takes_twice_the_delay_however_much_is_under_way() -> None:
    """A hundred commands in a hundred segments take hardly longer than one."""

    async def run() -> tuple[float, bytes]:
        async with asyncio.timeout(60), Sink(extensions=("PIPELINING",)) as sink:
            with delayed(sink.port, "--delay", str(NOON)) as port:
                reader, writer = await open_to(port)
                await reader.readline()
                start, heard = time.monotonic(), b""
                for _ in range(100):
                    writer.write(b"RSET\r\n")
                    await asyncio.sleep(0)
                while heard.count(b"\n") < 100:
                    heard += await reader.read(65536)
                writer.close()
                return time.monotonic() - start, heard

    seconds, heard = asyncio.run(run())
    assert seconds >= 2 * NOON
    assert b"250 2.0.0 ok\r\n" * 100 == heard


def test_megabytes_arrive_in_order_and_the_end_arrives_after_them() -> None:
    data = bytes(range(256)) * 80_000

    async def run() -> bytes:
        found = asyncio.get_running_loop().create_future()

        async def keep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            found.set_result(await reader.read())
            writer.close()

        server = await asyncio.start_server(keep, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with asyncio.timeout(60), server, Proxy(port, delay=0.005) as proxy:
            _, writer = await open_to(proxy.port)
            writer.write(data)
            await writer.drain()
            writer.close()
            return await found

    assert data == asyncio.run(run())


@pytest.mark.parametrize(("cut", "bodies"), [({"cut_up": (60, 70)}, 0), ({"cut_down": (90, 95)}, 1)])
def test_connections_are_cut_after_so_many_bytes(cut: dict[str, tuple[int, int]], bodies: int) -> None:
    """Once before the body is whole, once in the middle of the reply to its dot."""
    segments = ["MAIL FROM:<a@example.org>\r\n", "RCPT TO:<b@example.org>\r\nDATA\r\n", "x" * 99 + "\r\n.\r\n", ""]

    async def run() -> tuple[int, int]:
        async with asyncio.timeout(60), Sink(extensions=("PIPELINING",)) as sink, Proxy(sink.port, **cut) as proxy:  # type: ignore[arg-type]
            reader, writer = await open_to(proxy.port)
            heard = b""
            with suppress(ConnectionError):
                for segment in segments:
                    heard += await reader.read(1000)
                    writer.write(segment.encode())
                while more := await reader.read(1000):
                    heard += more
            await asyncio.sleep(0.05)
            return proxy.cuts, len(sink.bodies)

    assert (1, bodies) == asyncio.run(run())


def test_a_server_that_hangs_up_is_gone_for_the_client_too() -> None:
    async def run() -> bytes:
        async with asyncio.timeout(60), Sink([Fault("connect", "421 4.3.2 busy")]) as sink, Proxy(sink.port) as proxy:
            reader, _ = await open_to(proxy.port)
            return await reader.read()

    assert b"421 4.3.2 busy\r\n" == asyncio.run(run())
