"""The relay of the tests: whoever waits for an empty queue does not wait in vain."""

import os
import shutil
import smtplib
import ssl
import time
from base64 import b64encode

import pytest

from tests.servers.postfix import PASSWORD, USER, Postfix, postfix
from tests.servers.postfix_settings import Rules

LATER = {"minimal_backoff_time": "500s", "maximal_backoff_time": "1000s"}


def submit(relay: Postfix) -> None:
    with smtplib.SMTP("localhost", relay.port) as client:
        client.starttls(context=ssl.create_default_context(cafile=str(relay.authority)))
        client.ehlo()
        client.docmd("AUTH", f"PLAIN {b64encode(f'{chr(0)}{USER}{chr(0)}{PASSWORD}'.encode()).decode()}")
        client.sendmail("brief@newsletter.example", ["ada@halde.example"], "Subject: Test\r\n\r\n")


def is_deferred(relay: Postfix) -> bool:
    """Whether the mail lies where it waits for its next try; the log says so a moment before."""
    places = [file.relative_to(relay.folder / "queue").parts[0] for file in relay.queue_files()]
    return "(deferred transport)" in relay.log and ["deferred"] == places


def test_what_qmgr_put_back_is_taken_up_within_seconds():
    with postfix(Rules(main=LATER | {"defer_transports": "virtual"})) as relay:
        submit(relay)
        relay.wait_until(lambda: is_deferred(relay))
        relay.obey(Rules(main=LATER))
        [file] = relay.queue_files()
        submit(relay)  # from here on nothing but its wake-up makes qmgr look
        relay.wait_until(lambda: [file] == relay.queue_files())
        time.sleep(1)
        os.utime(file)
        file.rename(relay.folder / "queue" / "incoming" / file.name)
        relay.settle(20)
        assert {"ada@halde.example": 2} == relay.recipients()


def test_what_was_being_written_when_it_stopped_is_gone_when_it_starts():
    with postfix() as relay:
        relay.stop()
        for mode in (0o600, 0o700):
            file = relay.folder / "queue" / "incoming" / f"4F0212A2F{mode:o}"
            file.write_bytes(b"C   1234")
            file.chmod(mode)
            shutil.chown(file, "postfix")
        relay.drop_unfinished()
        assert [0o700] == [file.stat().st_mode & 0o777 for file in relay.queue_files()]


def test_what_it_took_once_and_delivered_again_counts_once_and_what_it_took_twice_twice():
    with postfix() as relay:
        submit(relay)
        relay.settle()
        [file] = (relay.folder / "mail" / "box" / "new").iterdir()
        shutil.copy(file, file.with_name("again"))
        assert ({"ada@halde.example": 1}, 2) == (relay.recipients(), len(relay.files()))
        submit(relay)
        relay.settle()
        assert {"ada@halde.example": 2} == relay.recipients()


def test_waiting_in_vain_shows_the_queue_and_the_log():
    with postfix(Rules(main=LATER | {"defer_transports": "virtual"})) as relay:
        submit(relay)
        relay.wait_until(lambda: is_deferred(relay))
        with pytest.raises(AssertionError, match=r"(?s)waited too long.*queue/deferred/.*\(deferred transport\)"):
            relay.settle(0.1)
