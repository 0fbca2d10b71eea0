"""Merging and signing: everything between a claim and the bytes for the relay, for a message of 80 KB.

The message has ten gaps: To, Subject with a first name, Message-ID,
the unsubscribe token in header and both bodies, the greeting in both bodies, the first name in the HTML twice. A fifth
of the names have umlauts. What is timed is the writer that `send` uses: Message-ID, both signed tokens, merging,
signing. Where the machine is shared, trust the processor's time, and of that the least.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import dkim

from ruhrmail.compose import fill_html, fill_subject, fill_text, prepare
from ruhrmail.compose.keys import make_key
from ruhrmail.config import Config, load_config
from ruhrmail.flows.headers import headers_of
from ruhrmail.flows.machine import this_machine
from ruhrmail.flows.writing import Writer, writer_of
from ruhrmail.model.edition import Edition
from ruhrmail.model.ledger import Claim
from ruhrmail.model.merge import GREETING, UNSUBSCRIBE_TOKEN, MergeField
from ruhrmail.model.people import Person, Recipient
from ruhrmail.store import NewMailing, begin_mailing, open_store
from ruhrmail.tokens import SAMPLE_TOKEN, Keyring

ROUNDS = 9
MERGES, SIGNATURES, PLAIN = 10_000, 1_000, 40
HTML_BYTES, TEXT_BYTES = 69_000, 6_000
"""Before encoding; quoted-printable makes 80 KB of it."""
SENTENCE = "Im Frühjahr beginnt der Umbau der Maschinenhalle; die Wege bleiben offen, sagt das Amt. "
MARKUP = '</p>\n<p style="margin:0 0 14px;font-family:Helvetica,Arial,sans-serif;font-size:16px">'
TOKEN = MergeField(UNSUBSCRIBE_TOKEN, place="url")
NAME = MergeField("first_name", "alle", "html")
SETTINGS = """\
newsletter:
  name: Ruhrblick
  url: https://newsletter.example
  sender: {name: Ruhrblick, address: redaktion@newsletter.example}
imprint: {organisation: A, street: B, city: 45128 Essen, email: a@newsletter.example}
"""
SIGNED = {
    "rsa": "dkim: [{domain: newsletter.example, selector: rsa}]\n",
    "ed25519": "dkim: [{domain: newsletter.example, selector: ed25519}]\n",
    "both": "dkim: [{domain: newsletter.example, selector: rsa}, {domain: newsletter.example, selector: ed25519}]\n",
}
PEOPLE = (("Jürgen", "Wagner"), ("Erika", "Müller"), ("Thomas", "Schmidt"), ("Hans", "Hoffmann"), ("Petra", "Beispiel"))


def measure_composing() -> None:
    """Prints messages a second, and processor time a message."""
    claims = [claim_of(number) for number in range(MERGES)]
    keys = {f"RUHRMAIL_DKIM_{kind.upper()}": make_key(kind).decode() for kind in ("rsa", "ed25519")}
    with writing("", keys) as merging:
        size = len(merging.writer.write(claims[0]).content)
        print(f"message: {size:,} bytes")
        show("merge", [timed(merging.writer.write, claims) for _ in range(ROUNDS)])
        show("EmailMessage", [timed(merging.write_plainly, claims[:PLAIN]) for _ in range(ROUNDS)])
        signed_by_dkimpy = [timed(merging.sign_slowly(keys), claims[:PLAIN]) for _ in range(ROUNDS)]
    for kind, setting in SIGNED.items():
        with writing(setting, keys) as signing:
            for threads in (1, 2):
                rounds = [spread(signing.writer.write, claims[:SIGNATURES], threads) for _ in range(ROUNDS)]
                show(f"merge and sign: {kind}, threads {threads}", rounds)
    show("merge, then dkimpy: rsa", signed_by_dkimpy)


@dataclass(frozen=True, slots=True)
class Writing:
    """What writes: ours, and the standard library with the same values."""

    config: Config
    edition: Edition
    writer: Writer

    def write_plainly(self, claim: Claim) -> bytes:
        """The same message made by an EmailMessage."""
        person, message = claim.recipient.person, EmailMessage(policy=SMTP)
        message["From"] = "Ruhrblick <redaktion@newsletter.example>"
        message["To"] = person.email
        message["Subject"] = fill_subject(self.edition.subject, person, "de")
        message.set_content(fill_text(self.edition.text, person, "de", SAMPLE_TOKEN), cte="quoted-printable")
        html = fill_html(self.edition.html, person, "de", SAMPLE_TOKEN)
        message.add_alternative(html, "html", cte="quoted-printable")
        return message.as_bytes()

    def sign_slowly(self, keys: dict[str, str]) -> Callable[[Claim], bytes]:
        """Our message signed by dkimpy."""
        key = keys["RUHRMAIL_DKIM_RSA"].encode()

        def write(claim: Claim) -> bytes:
            content = self.writer.write(claim).content
            return bytes(dkim.sign(content, b"rsa", b"newsletter.example", key, canonicalize=(b"relaxed", b"simple")))

        return write


@contextmanager
def writing(setting: str, keys: dict[str, str]) -> Iterator[Writing]:
    """The writer of a mailing in a store of its own."""
    machine = this_machine()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "ruhrmail.yaml").write_text(SETTINGS + setting, encoding="utf-8")
        config = load_config(Path(folder), {**keys, "RUHRMAIL_STORE": "sqlite:///state.db"})
        now, edition = machine.now(), make_edition()
        new = NewMailing("x", "x", "x", "newsletter.example", {})
        with open_store(config.store, now=now, randomness=machine.randomness) as store:
            mailing = begin_mailing(store, new, {"": prepare(edition, headers_of(config, now))}, now)
            yield Writing(config, edition, writer_of(config, store, mailing, Keyring((os.urandom(40),)), machine))


def make_edition() -> Edition:
    """An edition of the size that newsletters have."""
    link = ('\n<a href="https://newsletter.example/u/', TOKEN, '">Abbestellen</a></p>\n')
    html = ("<p>", MergeField(GREETING, "", "html"), ",</p><p>Guten Tag, ", NAME, ". ", running(HTML_BYTES // 2), NAME)
    text = (MergeField(GREETING), ",\n\n", running(TEXT_BYTES).replace(MARKUP, "\n\n"))
    return Edition(
        slug="x",
        variant="",
        language="de",
        subject=("Licht in der Maschinenhalle für ", MergeField("first_name", "alle")),
        preheader=(),
        html=(*html, running(HTML_BYTES // 2), *link),
        text=(*text, "\nhttps://newsletter.example/u/", TOKEN, "\n"),
        web="",
        assets=(),
    )


def running(size: int) -> str:
    """About so many bytes of running text, four sentences a paragraph."""
    paragraph = SENTENCE * 4 + MARKUP
    return paragraph * (size // len(paragraph.encode()))


def claim_of(number: int) -> Claim:
    """A claim of somebody with a common name."""
    (first, _), (_, last) = PEOPLE[number % 5], PEOPLE[number // 5 % 5]
    email = f"{first}.{last}{number}@liste{number % 97}.example".lower().replace("ü", "ue")
    person = Person(email, email, "Frau" if number % 2 else "Herr", "", first, last)
    return Claim(number, "t", Recipient(number, number.to_bytes(8, "big"), person), "", 0, datetime.now(UTC))


Round = tuple[float, float]
"""Messages a second by the clock, and seconds of processor time a message."""


def timed(write: Callable[[Claim], object], claims: Sequence[Claim]) -> Round:
    """One round in this thread."""
    return spread(write, claims, 1)


def spread(write: Callable[[Claim], object], claims: Sequence[Claim], threads: int) -> Round:
    """One round, the claims dealt to so many threads."""

    def run(share: Sequence[Claim]) -> None:
        for claim in share:
            write(claim)

    with ThreadPoolExecutor(threads) as pool:
        begin, used = time.perf_counter(), time.process_time()
        for done in [pool.submit(run, claims[number::threads]) for number in range(threads)]:
            done.result()
        elapsed, used = time.perf_counter() - begin, time.process_time() - used
    return len(claims) / elapsed, used / len(claims)


def show(name: str, rounds: Sequence[Round]) -> None:
    """One line: median and most messages a second by the clock, median and least microseconds of processor."""
    rates, costs = [rate for rate, _ in rounds], [1e6 * cost for _, cost in rounds]
    print(f"{name:38} median {statistics.median(rates):8,.0f}/s   most {max(rates):8,.0f}/s   "
          f"processor: median {statistics.median(costs):8.1f} µs   least {min(costs):8.1f} µs")  # fmt: skip
