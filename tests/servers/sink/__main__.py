"""The sink as a process: prints its port and runs until killed."""

import argparse
import asyncio
from pathlib import Path

from tests.servers.sink import Sink, read_fault
from tests.servers.sink.login import METHODS

FAULT = "STAGE;ACTION;CHANCE;RECIPIENT;TIMES;DOMAIN;AFTER"


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="an SMTP server that misbehaves on demand")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--fault", action="append", default=[], metavar=FAULT, help="see Fault in fault.py")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--login", default="", metavar="USER:PASSWORD")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each reply")
    parser.add_argument("--reading", type=float, default=0.0, help="bytes a second")
    parser.add_argument("--domain-limit", action="append", default=[], metavar="DOMAIN=CONNECTIONS")
    parser.add_argument("--extension", action="append", default=[], help="further words of EHLO")
    for flag in ("pipelining", "bytewise", "split", "multiline", "glued"):
        parser.add_argument(f"--{flag}", action="store_true")
    return parser.parse_args()


def make_sink(options: argparse.Namespace) -> Sink:
    extensions = ["8BITMIME", "SIZE 50000000", *options.extension]
    return Sink(
        faults=[read_fault(text) for text in options.fault],
        port=options.port,
        log=options.log,
        seed=options.seed,
        extensions=[*extensions, "PIPELINING"] if options.pipelining else extensions,
        login=options.login,
        methods=METHODS,
        domain_limits={name: int(count) for name, _, count in (one.partition("=") for one in options.domain_limit)},
        reading=options.reading,
        delay=options.delay,
        bytewise=options.bytewise,
        split=options.split,
        multiline=options.multiline,
        glued=options.glued,
    )


async def serve(sink: Sink) -> None:
    async with sink:
        print(sink.port, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(make_sink(read_options())))
