"""`python floor.py DATABASE`: the least that takes a one-click POST: one durable row in SQLite, then the answer."""

import sqlite3
import sys
import threading

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from ruhrmail.listening import address_of, listen
from ruhrmail.serving import make_server

mine = threading.local()


def connection() -> sqlite3.Connection:
    """This thread's own, durable at every commit."""
    if not hasattr(mine, "database"):
        mine.database = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)
        mine.database.execute("PRAGMA journal_mode = WAL")
        mine.database.execute("PRAGMA synchronous = FULL")
        mine.database.execute("CREATE TABLE IF NOT EXISTS gone (token TEXT PRIMARY KEY) WITHOUT ROWID")
    found: sqlite3.Connection = mine.database
    return found


def leave(request: Request) -> PlainTextResponse:
    """Runs in a worker thread."""
    connection().execute("INSERT OR IGNORE INTO gone VALUES (?)", [request.path_params["token"]])
    return PlainTextResponse("gone")


app = Starlette(routes=[Route("/u/{token}", leave, methods=["POST"])])
with listen("127.0.0.1", 0) as listener:
    address = f"http://{address_of(listener)}"
    make_server(app, lambda: print(address, flush=True), 1).run(sockets=[listener])
