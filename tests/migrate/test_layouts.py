"""Rows of each tool to arrivals."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ruhrmail.migrate import TOOLS, layout_of, recognise
from ruhrmail.model.migration import Arrival, Complaint, Stood
from ruhrmail.model.people import Person
from ruhrmail.roster import name_column
from tests.migrate import samples


def arrive(tool, named=None, **fields):
    person = Person(
        "ada@halde.example", "ada@halde.example", fields={f"@{name}": text for name, text in fields.items()}
    )
    return layout_of(tool, name_column).arrive(person, named)


def listmonk(*lists, status="enabled", attributes="{}", **more):
    return arrive("listmonk", status=status, lists=json.dumps(lists), attributes=attributes, **more)


@pytest.mark.parametrize(
    ("columns", "tool"),
    [
        *((columns, "mailchimp") for columns in samples.MAILCHIMP.values()),
        (samples.LISTMONK, "listmonk"),
        (samples.CLEVERREACH, "cleverreach"),
        (samples.CLEVERREACH_GERMAN, "cleverreach"),
        (samples.KEILA, "keila"),
        (("E-Mail", "Vorname", "Nachname", "Tags", "Status"), None),
        (("email", "consented_at", "consent_source", "source"), None),
    ],
)
def test_a_tool_is_recognised_by_its_columns(columns, tool):
    assert tool == recognise(columns, name_column)


@pytest.mark.parametrize(
    ("file", "standing"),
    [
        ("export.zip/subscribed_email_audience_export_1a.csv", Stood.SUBSCRIBED),
        ("unsubscribed_members_export_1a.csv", Stood.UNSUBSCRIBED),
        ("lists/members_export_1a/cleaned_members_export_1a.csv", Stood.BOUNCED),
        ("nonsubscribed_email_audience_export_1a.csv", Stood.UNCONFIRMED),
        ("subscribed/liste.csv", None),
        ("un-subscribed_export.csv", Stood.UNSUBSCRIBED),
        ("Non_Subscribed (1).csv", Stood.UNCONFIRMED),
        ("not subscribed.csv", Stood.UNCONFIRMED),
        ("subscribed und unsubscribed.csv", Stood.UNSUBSCRIBED),
        ("resubscribed.csv", None),
    ],
)
def test_mailchimp_says_in_the_name_of_a_file_who_is_in_it(file, standing):
    assert standing == layout_of("mailchimp", name_column).named(file, ["email address"])


def test_mailchimp_files_of_those_who_left_are_known_under_any_name():
    layout = layout_of("mailchimp", name_column)
    assert Stood.UNSUBSCRIBED == layout.named("liste.csv", ["email address", "unsub_time"])
    assert Stood.BOUNCED == layout.named("liste.csv", ["email address", "clean_time"])
    assert Stood.UNSUBSCRIBED == layout.named("subscribed_export.csv", ["email address", "unsub_time"])


@pytest.mark.parametrize(("column", "standing"), [("left", Stood.UNSUBSCRIBED), ("bounced", Stood.BOUNCED)])
def test_mailchimp_rows_with_a_time_of_leaving_are_not_subscribed_in_any_file(column, standing):
    assert standing == arrive("mailchimp", Stood.SUBSCRIBED, **{column: "2025-02-03 08:00:00"}).standing


def test_mailchimp_proves_an_opt_in_by_two_times():
    found = arrive("mailchimp", Stood.SUBSCRIBED, asked="2024-05-01 10:00:00", confirmed="2024-05-01 10:05:00")
    assert ("2024-05-01T10:05:00", "Mailchimp") == (found.person.consented_at, found.person.consent_source)
    assert "Mailchimp: double opt-in, asked 2024-05-01T10:00:00, confirmed 2024-05-01T10:05:00" == found.remark


def test_mailchimp_proves_nothing_of_people_whom_the_operator_added():
    found = arrive("mailchimp", Stood.SUBSCRIBED, asked="", confirmed="2024-05-01 10:05:00", origin="192.0.2.1")
    assert ("", "", "") == (found.person.consented_at, found.person.consent_source, found.origin)
    assert "Mailchimp: added by the operator 2024-05-01T10:05:00" == found.remark


def test_mailchimp_tags_lose_only_what_separates_tags():
    found = arrive("mailchimp", Stood.SUBSCRIBED, tags='"Wirtschaft","VIP Kunde, alt",""')
    assert ("Wirtschaft", "VIP-Kunde-alt") == found.person.tags


@pytest.mark.parametrize(
    ("why", "standing"), [("ABUSE", "complained"), ("spam", "complained"), ("NORMAL", "unsubscribed")]
)
def test_mailchimp_unsubscriptions_for_spam_are_complaints(why, standing):
    found = arrive("mailchimp", Stood.UNSUBSCRIBED, left="2025-01-02 03:04:05", why=why)
    assert (standing, f"Mailchimp: {standing} 2025-01-02T03:04:05") == (found.standing, found.remark)


@pytest.mark.parametrize(
    ("times", "standing"),
    [
        ({"asked": "1700000000", "confirmed": "1700000100", "left": "0"}, "subscribed"),
        ({"asked": "1700000000", "confirmed": "1700000100", "left": "1800000000"}, "unsubscribed"),
        ({"asked": "1700000000", "confirmed": "1800000000", "left": "1700000100"}, "subscribed"),
        ({"asked": "01.05.2024 10:00", "confirmed": "", "left": ""}, "unconfirmed"),
        ({"asked": "1700000000", "confirmed": "1700000100", "left": "irgendwann"}, "unsubscribed"),
        ({"asked": "1700000000", "confirmed": "1700000100", "left": "", "bounced": "1"}, "bounced"),
        ({"asked": "1700000000", "confirmed": "1700000100", "left": "", "active": "inaktiv"}, "unsubscribed"),
        ({"active": "Aktiv"}, "subscribed"),
    ],
)
def test_cleverreach_says_by_its_times_who_is_active(times, standing):
    assert standing == arrive("cleverreach", **times).standing


def test_cleverreach_proves_an_opt_in_only_where_it_was_confirmed_later():
    twice = arrive("cleverreach", asked="1700000000", confirmed="1700000100", source="Formular", tags="a,b c")
    once = arrive("cleverreach", asked="1700000000", confirmed="1700000000", source="Import")
    assert ("2023-11-14T22:15:00+00:00", "CleverReach: Formular") == (
        twice.person.consented_at,
        twice.person.consent_source,
    )
    assert ("", "") == (once.person.consented_at, once.person.consent_source)
    assert ("a", "b-c") == twice.person.tags


@pytest.mark.parametrize(
    ("lists", "standing"),
    [
        ([("Wirtschaft", "confirmed", "double")], "subscribed"),
        ([("Wirtschaft", "unconfirmed", "double")], "unconfirmed"),
        ([("Wirtschaft", "unconfirmed", "single")], "subscribed"),
        ([("Wirtschaft", "unsubscribed", "double")], "unsubscribed"),
        ([("Wirtschaft", "unsubscribed", "double"), ("Kultur", "confirmed", "double")], "subscribed"),
        ([("Wirtschaft", "unsubscribed", "double"), ("Kultur", "unconfirmed", "double")], "unconfirmed"),
        ([], "unconfirmed"),
    ],
)
def test_listmonk_mails_whom_one_of_its_lists_would(lists, standing):
    assert standing == listmonk(*(samples.on_list(*one) for one in lists)).standing


def test_listmonk_lists_that_mail_somebody_are_tags():
    found = listmonk(samples.on_list("Neues Ruhr", "confirmed"), samples.on_list("Alt", "unsubscribed"))
    assert ("Neues-Ruhr",) == found.person.tags


def test_listmonk_proves_an_opt_in_that_came_after_the_request():
    found = listmonk(samples.on_list("Ruhr", "confirmed"))
    assert ("2023-02-11T08:00:00+00:00", "192.0.2.3") == (found.person.consented_at, found.origin)
    at_once = listmonk(samples.on_list("Ruhr", "confirmed", confirmed="2023-02-10T23:07:16.199433+01:00"))
    assert "" == at_once.person.consented_at


@pytest.mark.parametrize(("status", "standing"), [("blocklisted", "blocked"), ("disabled", "unsubscribed")])
def test_listmonk_status_beats_its_lists(status, standing):
    assert standing == listmonk(samples.on_list("Ruhr", "confirmed"), status=status).standing


def test_listmonk_attributes_are_merge_fields_and_columns():
    attributes = {
        "Straße": "Gleisweg",
        "firma": {"ort": "Herne"},
        "themen": ["a", "b"],
        "vip": True,
        "company": "Zeche",
    }
    found = arrive("listmonk", status="enabled", attributes=json.dumps(attributes), name="Ada Zeche").person
    assert {"strasse": "Gleisweg", "firma_ort": "Herne", "themen": "a, b", "vip": "true"} == {
        name: text for name, text in found.fields.items() if name != "name"
    }
    assert ("Zeche", "Ada", "Zeche") == (found.company, found.first_name, found.last_name)


def test_a_name_of_three_words_is_not_divided():
    found = arrive("listmonk", status="enabled", name="Dr. Ada Zeche").person
    assert ("", "", "Dr. Ada Zeche") == (found.first_name, found.last_name, found.fields["name"])


@pytest.mark.parametrize(
    ("status", "standing"), [("active", "subscribed"), ("unsubscribed", "unsubscribed"), ("unreachable", "bounced")]
)
def test_keila_says_it_in_one_word(status, standing):
    assert standing == arrive("keila", status=status, attributes="").standing


@pytest.mark.parametrize(
    ("tool", "fields", "column"),
    [
        ("listmonk", {"status": "vielleicht"}, "@status"),
        ("listmonk", {"status": "enabled", "attributes": "[1]"}, "@attributes"),
        ("cleverreach", {"active": "vielleicht"}, "@active"),
        ("cleverreach", {"confirmed": "vielleicht"}, "@confirmed"),
        ("keila", {"status": "vielleicht"}, "@status"),
    ],
)
def test_what_a_tool_never_writes_costs_the_row(tool, fields, column):
    found = arrive(tool, **fields)
    assert isinstance(found, Complaint)
    assert column == found.column


def test_of_two_words_about_somebody_the_stricter_holds():
    assert Stood.UNSUBSCRIBED == arrive("keila", Stood.UNSUBSCRIBED, status="active").standing
    assert Stood.BOUNCED == arrive("keila", Stood.SUBSCRIBED, status="unreachable").standing


OWN = (
    "asked",
    "confirmed",
    "left",
    "bounced",
    "why",
    "tags",
    "source",
    "active",
    "status",
    "attributes",
    "name",
    "origin",
)
CELLS = some.one_of(
    some.text(max_size=30),
    some.sampled_from(
        ["enabled", "active", "1", "0", "2024-05-01 10:00:00", "0001-01-01 00:00:00", "99999999999", '{"a": [1]}']
    ),
)


@given(
    some.sampled_from(TOOLS), some.dictionaries(some.sampled_from(OWN), CELLS), some.none() | some.sampled_from(Stood)
)
def test_no_cell_ends_in_an_exception_and_none_frees_who_is_named_gone(tool, cells, named):
    found = arrive(tool, named, **cells)
    assert isinstance(found, Complaint | Arrival)
    if isinstance(found, Arrival) and named not in (None, Stood.SUBSCRIBED):
        assert Stood.SUBSCRIBED != found.standing


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, JSON)
def test_no_json_of_a_subscriber_ends_in_an_exception(attributes, lists):
    found = listmonk(attributes=json.dumps(attributes), name="Ada")
    assert isinstance(found, Complaint | Arrival)
    found = arrive("listmonk", status="enabled", lists=json.dumps(lists), attributes="")
    assert isinstance(found, Complaint | Arrival)


@pytest.mark.parametrize("tool", ["listmonk", "keila"])
def test_attributes_of_a_table_hold_no_characters_that_no_list_can_hold(tool):
    found = arrive(
        tool, status="enabled" if tool == "listmonk" else "active", attributes=r'{"o\u0000rt": "Es\ud800sen"}'
    )
    assert "Essen" == found.person.fields["ort"]
