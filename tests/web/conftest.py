"""A served newsletter: the real server in a process of its own, over a database the tests can look into."""

import os
import sqlite3
import subprocess
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.driver.hatched import Hatched, start_module

TOKENS = ["lea", "slow", "unlucky", *(f"crowd{number}" for number in range(20))]


@dataclass(frozen=True)
class Service:
    address: str
    database: Path
    process: Hatched | subprocess.Popen

    def client(self, **options):
        return httpx.Client(base_url=self.address, timeout=60, trust_env=False, **options)

    def gone(self):
        """Who has left."""
        with closing(sqlite3.connect(self.database)) as database:
            return {token for (token,) in database.execute("SELECT token FROM people WHERE gone")}

    def asked(self):
        """Who asked to join: address, language, origin."""
        with closing(sqlite3.connect(self.database)) as database:
            return database.execute("SELECT address, language, origin FROM asked ORDER BY rowid").fetchall()

    def chosen(self):
        """Who chose what: token, topics, language."""
        with closing(sqlite3.connect(self.database)) as database:
            return database.execute("SELECT token, topics, language FROM chosen ORDER BY rowid").fetchall()

    def wished(self):
        """Who gave which new address."""
        with closing(sqlite3.connect(self.database)) as database:
            return database.execute("SELECT token, address FROM wished ORDER BY rowid").fetchall()

    def return_everybody(self):
        with closing(sqlite3.connect(self.database, isolation_level=None)) as database:
            for table in ("asked", "chosen", "wished"):
                database.execute(f"DELETE FROM {table}")
            database.execute("UPDATE people SET gone = 0")


def make_database(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("CREATE TABLE people (token TEXT PRIMARY KEY, address TEXT, gone INTEGER DEFAULT 0)")
        rows = [(token, f"{token[0]}…@newsletter.example") for token in TOKENS]
        database.execute("CREATE TABLE asked (address TEXT, language TEXT, origin TEXT)")
        database.execute("CREATE TABLE chosen (token TEXT, topics TEXT, language TEXT)")
        database.execute("CREATE TABLE wished (token TEXT, address TEXT)")
        database.executemany("INSERT INTO people (token, address) VALUES (?, ?)", rows)
    return path


@contextmanager
def run_service(folder, url="https://newsletter.example", language="de"):
    database = make_database(folder / "people.db")
    with start_module("tests.web.trial_server", [str(database), url, language], os.environ) as process:
        try:
            yield Service(process.stdout.readline().strip(), database, process)
        finally:
            process.kill()


@pytest.fixture(scope="session")
def shared_service(tmp_path_factory):
    with run_service(tmp_path_factory.mktemp("service")) as service:
        yield service


@pytest.fixture
def service(shared_service):
    """The service that most tests share, everybody back on the list."""
    shared_service.return_everybody()
    return shared_service


@pytest.fixture
def start_service(tmp_path):
    """A function that starts a service of the test's own."""

    @contextmanager
    def start(**options):
        with run_service(tmp_path, **options) as service:
            yield service

    return start
