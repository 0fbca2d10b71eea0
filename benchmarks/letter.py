"""The newsletter that delivery is measured with: a project of our own, and the same letter as peers take it.

The letter is an 80 KB message, more than 60 KB of it HTML and 5 KB text, quoted-printable, with the reader's greeting,
company and unsubscribe link in both parts. Peers that compose get both parts and the readers as a list; peers that only
send get one finished message.
"""

import csv
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.timing import PROJECT
from ruhrmail.compose import sample
from ruhrmail.config import Config, load_config
from ruhrmail.flows.edition import make_edition
from ruhrmail.flows.headers import headers_of
from ruhrmail.flows.machine import this_machine
from ruhrmail.model.merge import UNSUBSCRIBE_TOKEN, MergeText

ARTICLES = 25
SENDER = "redaktion@ruhrblick.example"
SUBJECT = "Licht in der Maschinenhalle"
EDITORIAL = "für {{ company or 'Ihr Haus' }} haben wir die Geschichten des Monats gesammelt. Viel Freude beim Lesen!"
TEASER = "Über **vierzig Betriebe** öffnen ihre Türen für Gäste."
LETTER, FIRST_ISSUE, SECOND_ISSUE = "letter", "first", "second"
"""Slugs: the 80 KB letter, and two small ones for very many readers."""


@dataclass(frozen=True, slots=True)
class Letters:
    """Where a set of readers lies: `project` for ruhrmail, `peers` for the others."""

    project: Path
    peers: Path
    readers: int


def write_letters(folder: Path, readers: int) -> Letters:
    """A project with `readers` subscribers, and the files for peers."""
    letters = Letters(folder / "project", folder / "peers", readers)
    letters.peers.mkdir(parents=True)
    config = write_project(letters.project, readers)
    write_peers(letters, config)
    return letters


def write_project(folder: Path, readers: int) -> Config:
    """ruhrmail.yaml, the letter, the small ones, and the list."""
    (folder / "issues").mkdir(parents=True)
    settings = (PROJECT / "ruhrmail.yaml").read_text(encoding="utf-8").replace("  logo:", "  # logo:")
    (folder / "ruhrmail.yaml").write_text(settings, encoding="utf-8")
    for slug, articles in ((LETTER, ARTICLES), (FIRST_ISSUE, 0), (SECOND_ISSUE, 0)):
        (folder / "issues" / f"{slug}.yaml").write_text(issue_text(articles), encoding="utf-8")
    with (folder / "subscribers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["email", "salutation", "first_name", "last_name", "company"])
        writer.writerows(reader_rows(readers))
    return load_config(folder, os.environ)


def reader_rows(readers: int) -> Iterator[tuple[str, str, str, str, str]]:
    """Made-up people, most of them with a company, with umlauts here and there."""
    for number in range(readers):
        salutation, first = (("Frau", "Jördis"), ("Herr", "Thorben"))[number % 2]
        company = "" if number % 5 == 0 else f"Gießerei Nummer {number} GmbH"
        yield f"reader{number}@example.org", salutation, first, f"Vossiek-{number}", company


def issue_text(articles: int) -> str:
    """An issue of an editorial and so many articles, as YAML."""
    blocks: list[dict[str, object]] = [
        {"type": "editorial", "salutation": "{{ greeting }},", "text": EDITORIAL, "author": "Henrike Tendahl"}
    ]
    for number in range(articles):
        link = {"url": f"https://a.example/reportage/{number}"}
        title = f"Kapitel {number + 1}: Was am Wasser wächst"
        blocks.append({"type": "article", "kicker": "Mobilität", "title": title, "text": TEASER, "link": link})
    head = f"date: 2026-11-06\nsubject: {SUBJECT}\npreheader: Was am Wasser wächst\ncontent:\n"
    return head + "".join(f"  - {json.dumps(block, ensure_ascii=False)}\n" for block in blocks)


def write_peers(letters: Letters, config: Config) -> None:
    """`letter.eml`, the two parts as Jinja2 templates, the readers as JSON, and mailmerge's three files."""
    edition = make_edition(config, LETTER, None).edition
    message = sample(edition, headers_of(config, this_machine().now()))
    peers = letters.peers
    peers.joinpath("letter.eml").write_bytes(message)
    # smtp-source ends lines itself
    peers.joinpath("letter.unix.eml").write_bytes(message.replace(b"\r\n", b"\n"))
    html, text = as_template(edition.html), as_template(edition.text)
    peers.joinpath("letter.html.j2").write_text(html, encoding="utf-8")
    peers.joinpath("letter.txt.j2").write_text(text, encoding="utf-8")
    readers = [
        {"email": email, "greeting": f"Guten Tag {first} {last}", "company": company, "token": "A" * 44}
        for email, _, first, last, company in reader_rows(letters.readers)
    ]
    peers.joinpath("readers.json").write_text(json.dumps(readers, ensure_ascii=False), encoding="utf-8")
    write_mailmerge(peers, html, text, readers)


def as_template(text: MergeText) -> str:
    """A rendered text with its merge fields as Jinja2 writes them."""
    names = {UNSUBSCRIBE_TOKEN: "token"}
    pieces = [
        part if isinstance(part, str) else f"{{{{ {names.get(part.name, part.name)} or '{part.default}' }}}}"
        for part in text
    ]
    return "".join(pieces)


def write_mailmerge(peers: Path, html: str, text: str, readers: list[dict[str, str]]) -> None:
    """Template and database; its server file needs the port and is written before each run."""
    boundary = "letter-of-the-benchmark"
    unsubscribe = "List-Unsubscribe: <https://ruhrblick.example/u/{{ token }}>\n"
    head = f"TO: {{{{ email }}}}\nSUBJECT: {SUBJECT}\nFROM: Ruhrblick <{SENDER}>\n{unsubscribe}"
    kind = f'Content-Type: multipart/alternative; boundary="{boundary}"\n\n'
    parts = "".join(
        f"--{boundary}\nContent-Type: text/{name}; charset=utf-8\n\n{body}\n\n"
        for name, body in (("plain", text), ("html", html))
    )
    template = f"{head}MIME-Version: 1.0\n{kind}{parts}--{boundary}--\n"
    (peers / "mailmerge_template.txt").write_text(template, encoding="utf-8")
    with (peers / "mailmerge_database.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(readers[0]))
        writer.writeheader()
        writer.writerows(readers)


def sizes(config: Config, slug: str = LETTER) -> str:
    """How large a letter is, in words."""
    edition = make_edition(config, slug, None).edition
    whole = len(sample(edition, headers_of(config, this_machine().now())))
    html, text = (len(as_template(part).encode()) for part in (edition.html, edition.text))
    return (
        f"message {whole / 1000:.1f} KB, of it {html / 1000:.1f} KB HTML and {text / 1000:.1f} KB text before encoding"
    )
