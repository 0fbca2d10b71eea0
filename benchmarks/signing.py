"""Delivery with DKIM signatures (RSA-2048): ruhrmail merges and signs, nodemailer composes and signs each message."""

from functools import partial
from pathlib import Path

from benchmarks.delivery import letters_for
from benchmarks.letter import Letters
from benchmarks.receivers import CORES, SENDER_CORE, lean_sink
from benchmarks.rounds import Effort, in_turn, report_rounds
from benchmarks.senders import Sender, Spent, config_knows, drained, node_sender, prepare_mailing

SELECTOR = "bench"
SETTING = f"\ndkim:\n  - {{domain: ruhrblick.example, selector: {SELECTOR}}}\n"
SHARE = 0.2
"""Signing is slow: so much of the messages that an unsigned run sends."""


def measure_signing(effort: Effort) -> None:
    """Both to the lean sink; ruhrmail on one core as everybody, and free to use threads on all of them."""
    if not config_knows("dkim"):
        print("skipped: this version of ruhrmail does not sign (its config knows no `dkim`)")
        return
    few = Effort(max(100, round(effort.messages * SHARE)), effort.rounds)
    with letters_for(few) as letters:
        key = write_key(letters.project)
        with (letters.project / "ruhrmail.yaml").open("a", encoding="utf-8") as settings:
            settings.write(SETTING)
        prepare_mailing(letters.project, "letter")
        ours, theirs = "ruhrmail with DKIM, complete path", "nodemailer, pool, composing and signing each"
        senders = (
            Sender(ours, partial(send_signed, core=SENDER_CORE)),
            Sender(f"the same on {len(CORES)} cores, the sink on one of them", partial(send_signed, core=None)),
            Sender(theirs, node_sender("sign", key), 0.2),
        )
        report_rounds("RSA-2048 to the lean sink", in_turn(senders, letters, lean_sink, few), ours, theirs)


def write_key(project: Path) -> Path:
    """A new key where ruhrmail looks for it."""
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    path = project / ".ruhrmail" / "dkim" / f"{SELECTOR}.pem"
    path.parent.mkdir(mode=0o700, parents=True)
    path.touch(mode=0o600)
    key = generate_private_key(public_exponent=65537, key_size=2048)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


def send_signed(letters: Letters, port: int, _messages: int, *, core: int | None) -> Spent:
    """The prepared project, which holds as many readers as the run has messages."""
    return drained(letters.project, port, core)
