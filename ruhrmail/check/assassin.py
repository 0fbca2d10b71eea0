"""SpamAssassin: messages to scores and the rules that gave them, offline and without anybody's own settings.

`spamassassin --local` reads its rules where the system has them. Home, preferences and plugins are those of a folder
that is gone afterwards: no Bayes, no reputation, no network, so that the same mail gets the same score everywhere.
"""

import re
import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ruhrmail.errors import RuhrmailError
from ruhrmail.model.phrase import phrase

PROGRAM = "spamassassin"
SECONDS, SECONDS_EACH = 60, 15
"""How long a run may take: to start, and for each message."""
PLUGINS = (
    "Check", "BodyEval", "DNSEval", "FreeMail", "HTMLEval", "HTTPSMismatch", "HeaderEval", "ImageInfo", "MIMEEval",
    "MIMEHeader", "RelayEval", "ReplaceTags", "URIDetail", "URIEval", "VBounce", "WLBLEval",
)  # fmt: skip
"""What looks at a message alone; the others learn, ask the network or know senders."""
PREFERENCES = """\
use_bayes 0
clear_report_template
report {mark} _HEADER({header})_
report {mark} _TESTSSCORES(|)_
report _SUMMARY_
report {mark}
"""
HEADER = "X-Ruhrmail-Number"
ROW = re.compile(r"^\s*-?\d+(?:\.\d+)?\s+(\w+)\s+(.*)$")
NOTHING = "No description available."
UNDELIVERED = re.compile(
    r"NO_RECEIVED|NO_RELAYS|ALL_TRUSTED|UNPARSEABLE_RELAY|NO_HEADERS_MESSAGE|DATE_IN_(PAST|FUTURE)_\w+"
    r"|(T_)?(DKIM|DKIMWL|SPF|DMARC|ARC|RDNS|HELO|RCVD|BAYES|AWL|TXREP|USER_IN)_?\w*|FORGED_\w+_RCVD"
)
"""Rules that speak of a message's way and its reader's habits: this one was never sent."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule of SpamAssassin's that a message met, its points and what it means (English)."""

    name: str
    points: float
    means: str = ""


@dataclass(frozen=True, slots=True)
class SpamReport:
    """What SpamAssassin says of one message, without what only delivered mail can be asked; the gravest first."""

    hits: tuple[Hit, ...]

    @property
    def score(self) -> float:
        """The sum of the points."""
        return round(sum(hit.points for hit in self.hits), 3)


Assassin = Callable[[Mapping[str, bytes]], Mapping[str, SpamReport]]
"""Messages by name to their reports. Raises RuhrmailError where SpamAssassin fails or takes too long."""


def open_assassin(environ: Mapping[str, str]) -> Assassin:
    """SpamAssassin on the PATH. Raises RuhrmailError where it is not installed."""
    program = shutil.which(PROGRAM, path=environ.get("PATH"))
    if program is None:
        hint = phrase("install it: {command}", command="sudo apt-get install spamassassin")
        raise RuhrmailError(phrase("--spam needs SpamAssassin, which is not installed"), hint=hint)

    def judge(messages: Mapping[str, bytes]) -> Mapping[str, SpamReport]:
        with TemporaryDirectory(prefix="ruhrmail-spam-") as folder:
            return judge_in(Path(folder), program, messages)

    return judge


def judge_in(folder: Path, program: str, messages: Mapping[str, bytes]) -> dict[str, SpamReport]:
    """One run over all messages, with a home in this empty folder."""
    mark = f"ruhrmail-{secrets.token_hex(8)}"
    command = [program, "--local", "--test-mode", *write_settings(folder, mark)]
    for number, raw in enumerate(messages.values()):
        file = folder / f"{number}.eml"
        file.write_bytes(f"{HEADER}: {number}\n".encode() + raw)
        command.append(str(file))
    output, complaint = run_program(command, folder, SECONDS + SECONDS_EACH * len(messages))
    reports = dict(read_reports(output, mark))
    if set(reports) != set(range(len(messages))):
        message = phrase("SpamAssassin gave no report: {reason}", reason=complaint or "-")
        raise RuhrmailError(message, hint=phrase("try `{command}` by itself", command="spamassassin --lint"))
    return {name: reports[number] for number, name in enumerate(messages)}


def write_settings(folder: Path, mark: str) -> list[str]:
    """The options that name plugins and preferences, and the files they name."""
    site, preferences = folder / "site", folder / "preferences"
    site.mkdir()
    (site / "ruhrmail.pre").write_text("".join(f"loadplugin Mail::SpamAssassin::Plugin::{one}\n" for one in PLUGINS))
    preferences.write_text(PREFERENCES.format(mark=mark, header=HEADER))
    return [f"--siteconfigpath={site}", f"--prefspath={preferences}"]


def run_program(command: list[str], home: Path, seconds: float) -> tuple[str, str]:
    """What it prints, and the first line of its complaints. Raises RuhrmailError where it takes too long."""
    environ = {"HOME": str(home), "LC_ALL": "C", "PATH": "/usr/local/bin:/usr/bin:/bin"}
    try:
        done = subprocess.run(  # noqa: S603 - a list, no shell
            command, env=environ, cwd=home, capture_output=True, timeout=seconds, stdin=subprocess.DEVNULL, check=False
        )
    except subprocess.TimeoutExpired as error:
        message = phrase("SpamAssassin did not answer in {seconds} seconds", seconds=f"{seconds:.0f}")
        hint = phrase("try `{command}` by itself", command="spamassassin --lint")
        raise RuhrmailError(message, hint=hint) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise RuhrmailError(phrase("SpamAssassin cannot be started: {reason}", reason=reason)) from error
    complaint = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
    return done.stdout.decode("utf-8", "replace"), complaint


def read_reports(output: str, mark: str) -> Iterator[tuple[int, SpamReport]]:
    """Every report in what SpamAssassin printed behind the messages, with the message's number."""
    pattern = rf"^{mark} (\d+)\s*\n{mark} ([^\n]*)\n(.*?)^{mark}\s*$"
    for found in re.finditer(pattern, output, re.MULTILINE | re.DOTALL):
        meanings = read_meanings(found[3])
        hits = [read_hit(word, meanings) for word in found[2].split("|") if "=" in word]
        kept = [hit for hit in hits if not UNDELIVERED.fullmatch(hit.name)]
        yield int(found[1]), SpamReport(tuple(sorted(kept, key=lambda hit: (-hit.points, hit.name))))


def read_hit(word: str, meanings: Mapping[str, str]) -> Hit:
    """`HTML_MESSAGE=0.001` to a hit."""
    name, _, points = word.strip().partition("=")
    return Hit(name, float(points), meanings.get(name, ""))


def read_meanings(summary: str) -> dict[str, str]:
    """What each rule means, from the table in which lines go on below their third column."""
    found: dict[str, str] = {}
    name = ""
    for line in summary.splitlines():
        if row := ROW.match(line):
            name = row[1]
            found[name] = row[2].strip()
        elif name and line.strip():
            found[name] += f" {line.strip()}"
    return {name: re.sub(r"^[A-Z]+: ", "", text) for name, text in found.items() if text != NOTHING}
