"""The sink as a process of its own, as the story tests use it."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from ruhrmail.config.settings import Timeout
from ruhrmail.deliver.dial import Dialling, connect
from ruhrmail.model.ledger import Intent
from ruhrmail.model.mail import Outcome
from tests.deliver.book import loopback, make_message

ROOT = Path(__file__).parents[2]


async def granted() -> Intent:
    return Intent.GRANTED


async def send(port: int, *addresses: str) -> list[Outcome]:
    async with asyncio.timeout(10):
        outcomes = []
        for address in addresses:
            connection = await connect(loopback(port), Dialling("sender.example", Timeout()))
            outcomes.append((await connection.deliver(make_message(address), granted)).outcome)
            await connection.quit()
        return outcomes


def test_sink_process_prints_its_port_and_logs_what_it_accepts_even_when_it_then_drops(tmp_path: Path) -> None:
    log = tmp_path / "log"
    faults = ["--fault", "dot;drop-after;;two@", "--fault", "rcpt;550 5.1.1 unknown;;three@"]
    command = [sys.executable, "-m", "tests.servers.sink", "--log", str(log), *faults]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            outcomes = asyncio.run(send(port, *(f"{name}@example.org" for name in ("one", "two", "three"))))
        finally:
            process.terminate()
    assert [Outcome.SENT, Outcome.IN_DOUBT, Outcome.FAILED] == outcomes
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert ["one@example.org", "two@example.org"] == [line["recipient"] for line in lines]
    assert "<one.example.org@example.org>" == lines[0]["message_id"]
