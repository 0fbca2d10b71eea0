"""The project's own list: every awkward name parses, is merged and reads back."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from ruhrmail.compose import Filling, Headers, merge, prepare
from ruhrmail.model.edition import Edition
from ruhrmail.model.merge import GREETING, MergeField
from ruhrmail.roster import open_roster
from ruhrmail.tokens import SAMPLE_TOKEN

LIST = Path(__file__).parents[2] / "subscribers.csv"
EDITION = Edition(
    slug="2026-11",
    variant="",
    language="de",
    subject=("Neues für ", MergeField("company", "Sie")),
    preheader=(),
    html=("<p>", MergeField(GREETING, place="html"), ", ", MergeField("company", place="html"), "</p>\n"),
    text=(MergeField(GREETING), ",\n", MergeField("company"), "\n"),
    web="",
    assets=(),
)
HEADERS = Headers(
    "Ruhrblick", "redaktion@b.example", "Ruhrblick", "b.example", "https://b.example", datetime(2026, 11, 6, tzinfo=UTC)
)


@pytest.mark.skipif(not LIST.exists(), reason="the checkout has no subscribers.csv")
def test_every_subscriber_parses_merges_and_reads_back():
    rows = list(open_roster(LIST, "subscribers.csv").rows())
    assert [row for row in rows if not hasattr(row, "email")] == []
    assert len(rows) >= 30
    prepared = prepare(EDITION, HEADERS)
    for person in rows:
        message = merge(prepared, Filling(person, "<1@b.example>", SAMPLE_TOKEN, "u+1@b.example"))
        found = message_from_bytes(message.content, policy=policy.default)
        (to,) = found["To"].addresses
        assert (to.display_name, to.addr_spec) == (f"{person.first_name} {person.last_name}".strip(), person.email)
        assert found["Subject"] == f"Neues für {person.company or 'Sie'}"
        assert person.company in found.get_body(("plain",)).get_content()
        assert person.last_name in found.get_body(("plain",)).get_content() or not person.salutation
