"""What many a script does: Jinja2, an EmailMessage for each recipient, smtplib, one connection."""

import json
import smtplib
from email.message import EmailMessage
from pathlib import Path

from jinja2 import Environment, Template

from benchmarks.letter import SENDER, SUBJECT
from benchmarks.peers.timed import arguments, print_timed


def send_all(port: int, readers: list[dict[str, str]], folder: Path) -> None:
    """Composes and sends one message after the other."""
    text = template_of(folder / "letter.txt.j2", escape=False)
    html = template_of(folder / "letter.html.j2", escape=True)
    with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as smtp:
        for reader in readers:
            smtp.send_message(compose(reader, text, html))


def template_of(path: Path, *, escape: bool) -> Template:
    """One part of the letter."""
    return Environment(autoescape=escape).from_string(path.read_text(encoding="utf-8"))


def compose(reader: dict[str, str], text: Template, html: Template) -> EmailMessage:
    """The message of one reader, with the headers that ours has."""
    message = EmailMessage()
    message["From"] = f"Ruhrblick <{SENDER}>"
    message["To"] = reader["email"]
    message["Subject"] = SUBJECT
    message["List-Unsubscribe"] = f"<https://ruhrblick.example/u/{reader['token']}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text.render(reader))
    message.add_alternative(html.render(reader), subtype="html")
    return message


if __name__ == "__main__":
    port, count, folder = arguments()
    readers = json.loads((folder / "readers.json").read_text(encoding="utf-8"))[:count]
    print_timed(len(readers), lambda: send_all(port, readers, folder))
