"""Postfix's smtp-sink does wrong what it was asked to."""

import smtplib
from pathlib import Path

import pytest

from tests.servers.smtp_sink import Faults, smtp_sink

BODY = "Subject: x\r\n\r\nGuten Tag\r\n"


@pytest.mark.parametrize(
    ("faults", "error"),
    [
        (Faults(hard=("RCPT",)), "500"),
        (Faults(soft=(".",)), "450"),
        (Faults(drop=("DATA",)), "Connection unexpectedly closed"),
        (Faults(shut=("MAIL",)), "421"),
        (Faults(abort=1), "550"),
    ],
)
def test_faults_strike(tmp_path: Path, faults: Faults, error: str) -> None:
    with (
        smtp_sink(tmp_path / "mail", *faults.options) as sink,
        smtplib.SMTP("127.0.0.1", sink.port, timeout=60) as client,
        pytest.raises(smtplib.SMTPException, match=error),
    ):
        client.sendmail("a@example.org", ["b@example.org"], BODY)


def test_pipelining_is_announced_unless_told_otherwise(tmp_path: Path) -> None:
    found = []
    for faults in (Faults(), Faults(plain=True)):
        with smtp_sink(tmp_path / "mail", *faults.options) as sink, smtplib.SMTP("127.0.0.1", sink.port) as client:
            client.ehlo()
            found.append(client.has_extn("pipelining"))
            client.sendmail("a@example.org", ["b@example.org"], BODY)
    assert [True, False] == found
    assert all(b"Guten Tag" in message for message in sink.messages())
