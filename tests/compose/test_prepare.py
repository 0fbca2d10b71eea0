"""A prepared message is dated anew without being prepared anew."""

from dataclasses import replace
from datetime import UTC, datetime

from ruhrmail.compose import prepare, redate
from tests.compose.test_dkim import EDITION, HEADERS

LATER = datetime(2026, 11, 30, 7, 0, tzinfo=UTC)


def test_a_message_dated_anew_is_the_one_that_would_be_prepared_then():
    for subject in (EDITION.subject, ("Date: Mon, 02 Nov 2026 08:00:00 +0000\r\nMessage-ID: ",)):
        edition = replace(EDITION, subject=subject)
        assert prepare(edition, replace(HEADERS, date=LATER)) == redate(prepare(edition, HEADERS), LATER)
