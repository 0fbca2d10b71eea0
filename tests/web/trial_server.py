"""A newsletter over an SQLite file, served for real: `python trial_server.py DATABASE URL LANGUAGE [PORT]`."""

import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from ruhrmail.config.settings import Colors
from ruhrmail.errors import RuhrmailError, StoreError
from ruhrmail.model.imprint import ImprintLine
from ruhrmail.model.phrase import phrase
from ruhrmail.model.preferences import Moving, Preferences, Stage, Topic
from ruhrmail.model.public import Confirming, Leaving, Left, Listed, Step
from ruhrmail.web import Joining, Personal, Site, make_app, serve

PAGE = b"""<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Ausgabe</title>
<style>h1 { color: rgb(11, 85, 99) }</style>\r\n<style media="screen">\r\nh1 { font-size: 40px }\r\n</style></head>
<body><h1>Ausgabe</h1><img src="assets/0f3a.png" alt="Punkt" width="40" height="20"></body></html>"""
FORM_KEYS = (b"new" * 11, b"old" * 11)
STEPS = {step.value: step for step in Step}
STAGES = {stage.value: stage for stage in Stage}
IMPRINT = (ImprintLine("Ruhrblick e. V."), ImprintLine("Musterstraße 12, 44787 Bochum"))
METRICS_TOKEN = "a-token-for-the-scraper"
ICS = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)


def open_database(path):
    return closing(sqlite3.connect(path, timeout=10, isolation_level=None))


def look_up(path, token):
    if token == "slow":
        Path(path).with_name("slow").touch()
        time.sleep(2)
    with open_database(path) as database:
        row = database.execute("SELECT address, gone FROM people WHERE token = ?", [token]).fetchone()
    return Leaving(row[0], bool(row[1])) if row else None


async def leave(path, token):
    if token == "unlucky":
        raise StoreError(phrase("the store is away"))
    with open_database(path) as database:
        found = database.execute("UPDATE people SET gone = 1 WHERE token = ?", [token]).rowcount
    return Left() if found else None


def ask(path, address, language, origin):
    """Notes whoever asks; an address without @ is none, and one store is away."""
    if address.startswith("unlucky@"):
        raise StoreError(phrase("the store is away"))
    if "@" not in address or not address.isprintable():
        return phrase("the @ is missing") if address else phrase("the cell is empty")
    with open_database(path) as database:
        database.execute("INSERT INTO asked (address, language, origin) VALUES (?, ?, ?)", [address, language, origin])
    return None


def look_up_confirming(token):
    step, _, language = token.partition("-")
    return Confirming(STEPS[step], "l…@newsletter.example", language) if step in STEPS else None


def confirm(token):
    found = look_up_confirming(token)
    return Confirming(Step.CONFIRMED, found.address, found.language) if found and found.step is Step.OPEN else found


def joining(path):
    return Joining(
        ask=lambda *request: ask(path, *request),
        wording=lambda language: {"de": "Ja, ich möchte <alles>.", "en": "Yes, I want <everything>."}[language],
        look_up=look_up_confirming,
        confirm=confirm,
        form_keys=lambda: FORM_KEYS,
        now=lambda: datetime.now(UTC),
        days=14,
        privacy="https://newsletter.example/datenschutz?a=1&b=2",
    )


def look_up_preferences(path, token):
    """Of everybody, in English for whoever is `crowd1`; topics as they were saved last."""
    with open_database(path) as database:
        row = database.execute("SELECT address, gone FROM people WHERE token = ?", [token]).fetchone()
        saved = database.execute(
            "SELECT topics, language FROM chosen WHERE token = ? ORDER BY rowid DESC", [token]
        ).fetchone()
    if row is None:
        return None
    topics, language = saved or ("kultur", "")
    offered = (("wirtschaft", "Wirtschaft & <Gründung>", ""), ("kultur", "Kultur", "Bühnen und Museen"))
    return Preferences(
        address=row[0],
        language=language or ("en" if token == "crowd1" else "de"),
        topics=[Topic(tag, label, about, tag in topics.split()) for tag, label, about in offered],
        gone=bool(row[1]),
        leave=f"/u/{token}",
    )


def choose(path, token, chosen):
    found = look_up_preferences(path, token)
    if token == "unlucky":
        raise StoreError(phrase("the store is away"))
    if found is None or found.gone:
        return False
    with open_database(path) as database:
        row = [token, " ".join(sorted(chosen.topics)), chosen.language]
        database.execute("INSERT INTO chosen (token, topics, language) VALUES (?, ?, ?)", row)
    return True


def ask_to_move(path, token, address):
    if "@" not in address or not address.isprintable():
        return phrase("the @ is missing")
    with open_database(path) as database:
        database.execute("INSERT INTO wished (token, address) VALUES (?, ?)", [token, address])
    return None


def look_up_moving(token):
    stage, _, language = token.partition("-")
    return Moving("n…@newsletter.example", language or "de", STAGES[stage]) if stage in STAGES else None


def move(token):
    found = look_up_moving(token)
    return replace(found, stage=Stage.DONE) if found and found.stage is Stage.OPEN else found


def personal(path):
    return Personal(
        look_up=lambda token: look_up_preferences(path, token),
        choose=lambda token, chosen: choose(path, token, chosen),
        ask_to_move=lambda token, address: ask_to_move(path, token, address),
        look_up_moving=look_up_moving,
        move=move,
    )


def page(slug):
    if slug == "defect":
        raise ZeroDivisionError("a secret detail")
    return {"2026-10": PAGE, "2026-11": PAGE}.get(slug)


def asset(slug, name):
    return {("2026-11", "0f3a.png"): (PNG, "image/png")}.get((slug, name))


def file(slug, name):
    files = {"radweg.html": (PAGE, "text/html; charset=utf-8"), "radtour.ics": (ICS, "text/calendar; charset=utf-8")}
    return files.get(name) if slug == "2026-11" else None


def shared(path):
    """What surrounds the issues; the lists of them are not made yet, so that the service shows its own."""
    if path in ("index.html", "archive/index.html", "favicon.ico"):
        return None
    return (b"<feed/>", "application/atom+xml") if path == "feed.xml" else (PAGE, "text/html; charset=utf-8")


def check_store(path):
    if not Path(path).exists():
        raise StoreError(phrase("the store is away"))


def make_site(path, url, language):
    return Site(
        name="Ruhrblick <& Umland>",
        language=language,
        url=url,
        colors=Colors(),
        imprint=dict.fromkeys(("de", "en"), IMPRINT),
        contact="redaktion@newsletter.example",
        store_id="store-1",
        key_ids=lambda: ("k1", "k2"),
        look_up=lambda token: look_up(path, token),
        leave=lambda token: leave(path, token),
        issues=lambda: [
            Listed("2026-10", "Ältere Ausgabe", date(2026, 10, 2), 6),
            Listed("2026-11", "Licht in der Maschinenhalle", date(2026, 11, 6), 7),
        ],
        page=page,
        asset=asset,
        file=file,
        shared=shared,
        check_store=lambda: check_store(path),
        metrics=lambda: "ruhrmail_list_size 20\n",
        metrics_token=METRICS_TOKEN,
        joining=joining(path),
        personal=personal(path),
        preferences_of=lambda token: f"/preferences/{token}x",
    )


if __name__ == "__main__":
    database, url, language, port = [*sys.argv[1:], "0"][:4]
    try:
        serve(
            make_app(make_site(database, url, language)),
            "127.0.0.1",
            int(port),
            lambda address: print(address, flush=True),
        )
    except RuhrmailError as error:
        sys.exit(f"{error} / {error.hint}")
