"""CSV files as people have them."""

import codecs
import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruhrmail.errors import InvalidInput
from ruhrmail.model.finding import Finding
from ruhrmail.model.people import Person
from ruhrmail.roster import open_roster


@pytest.fixture
def read(tmp_path):
    """Writes a file and reads it as a roster: people, and findings as (rule, severity, line, column)."""

    def reading(content, **options):
        path = tmp_path / "leser.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        rows = list(open_roster(path, "leser.csv", legal_basis=options.pop("legal_basis", True), **options).rows())
        people = [row for row in rows if isinstance(row, Person)]
        findings = [row for row in rows if isinstance(row, Finding)]
        return people, [(f.rule, f.severity, f.at.line, f.at.column) for f in findings]

    return reading


GERMAN = "E-Mail;Anrede;Vorname;Nachname;Straße\nkaethe@ruhr.example;Frau;Käthe;Groß;Am Förderturm 7\n"


@pytest.mark.parametrize(
    "raw",
    [
        GERMAN.encode(),
        codecs.BOM_UTF8 + GERMAN.encode(),
        GERMAN.encode("utf-16"),
        codecs.BOM_UTF16_BE + GERMAN.encode("utf-16-be"),
        GERMAN.encode("utf-16-le"),
        GERMAN.encode("utf-16-be"),
        GERMAN.encode("cp1252"),
        GERMAN.replace(";", ",").encode(),
        GERMAN.replace(";", "\t").encode(),
        GERMAN.replace("\n", "\r\n").encode(),
        GERMAN.replace("\n", "\r").encode(),
        b"sep=;\r\n" + GERMAN.encode(),
        codecs.BOM_UTF8 + b"\n\n" + GERMAN.encode().rstrip(),
        GERMAN.replace(";", "|").encode().join((b"sep=|\n", b"")),
    ],
)
def test_every_usual_form_of_a_file_means_the_same(read, raw):
    people, findings = read(raw)
    assert findings == []
    assert people == [
        Person(
            "kaethe@ruhr.example",
            "kaethe@ruhr.example",
            salutation="Frau",
            first_name="Käthe",
            last_name="Groß",
            fields={"strasse": "Am Förderturm 7"},
        )
    ]


@pytest.mark.parametrize(
    "header", ["email", "E-Mail", "e-mail", "EMAIL", "Mail", "E-Mail-Adresse", "Mail address", "email_address", "eMail"]
)
def test_the_column_of_addresses_has_many_names(read, header):
    people, _ = read(f"{header}\na@b.example\n")
    assert [person.email for person in people] == ["a@b.example"]


def test_columns_have_names_for_merge_fields(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("E-Mail,Vor-Name,Größe (cm),Café,Zoll-Nr.,Consented At\na@b.example,,,,,\n")
    assert open_roster(path, "x.csv").columns == (
        "email", "first_name", "groesse__cm_", "cafe", "zoll_nr_", "consented_at",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "csv/empty"),
        (b"\n \n;;\n", "csv/empty"),
        (codecs.BOM_UTF8, "csv/empty"),
        (b"sep=;\n", "csv/empty"),
        (b"Vorname;Nachname\nA;B\n", "csv/no-email-column"),
        (b"a@b.example;A\nc@d.example;C\n", "csv/no-email-column"),
        (b'"email,name\n', "csv/no-email-column"),
    ],
)
def test_a_file_that_is_no_list_is_refused(read, content, rule):
    with pytest.raises(InvalidInput) as caught:
        read(content)
    assert [rule] == [finding.rule for finding in caught.value.findings]


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InvalidInput) as caught:
        open_roster(tmp_path / "nichts.csv", "nichts.csv")
    assert caught.value.findings[0].rule == "csv/unreadable"


def test_a_header_alone_is_nobody(read):
    assert read("email,first_name\n") == ([], [])


BAD = """email,first_name,ort
anna@ruhr.example,Anna,Essen

 , ,
ohne-at.example,Bernd,Witten
,Clara,Herne
dora@ruhr.example,Dora
"emil@ruhr.example","Emil
der Zweite",Unna
"fritz@",Fritz,Hagen
gerda@ruhr.example,Gerda,Hamm,zu viel
ANNA@RUHR.example,Anna,Bochum
hans@ruhr.example,Hans,Soest,
"offen@ruhr.example,Inge,Marl
jörg@ruhr.example,Jörg,Lünen
karl@ruhr.example,Karl,Köln
"""


def test_bad_rows_are_named_and_the_good_ones_read(read):
    """Line and column of each complaint; the unclosed quotation mark swallows nobody."""
    people, findings = read(BAD)
    assert [person.email.partition("@")[0] for person in people] == ["anna", "emil", "hans", "karl"]
    assert findings == [
        ("csv/address", "error", 5, 1),
        ("csv/address", "error", 6, 1),
        ("csv/columns", "error", 7, 1),
        ("csv/address", "error", 10, 1),
        ("csv/columns", "error", 11, 1),
        ("csv/duplicate", "info", 12, 1),
        ("csv/columns", "error", 14, 1),
        ("csv/address", "error", 15, 1),
    ]


def test_a_complaint_names_the_cell(read):
    assert read('name,email\n"Groß, Eva",eva\n')[1] == [("csv/address", "error", 2, 13)]


def test_an_open_quote_in_the_last_row_is_named(read):
    people, findings = read('email,name\na@b.example,A\nb@b.example,"B\n')
    assert (len(people), findings) == (1, [("csv/columns", "error", 3, 1)])


def test_quotes_that_pair_across_rows_hide_nobody(read):
    """Read as it stands, the middle row would vanish inside a cell of the first."""
    people, findings = read('name,email\n"Anna,a@b.example\n"Bert,b@b.example\nC,c@b.example\n')
    assert [person.email for person in people] == ["c@b.example"]
    assert [line for _, _, line, _ in findings] == [2, 3]


@pytest.mark.parametrize("cell", ["x" * 1_000_001, '"' + "x" * 1_000_001 + '"', "y" * 9_000_000])
def test_an_endless_cell_costs_one_row(read, cell):
    people, findings = read(f"email,ort\na@b.example,Essen\nb@b.example,{cell}\nc@b.example,Hagen\n")
    assert [person.email for person in people] == ["a@b.example", "c@b.example"]
    assert findings == [("csv/too-long", "error", 3, 1)]


def test_an_endless_cell_of_many_lines_costs_one_row(read):
    """Its lines are no rows: neither named one by one nor mailed."""
    lines = "x@x.example,Unna\n" * 70_000
    people, findings = read(f'email,ort\nb@b.example,"{lines}"\nc@b.example,Hagen\nd@,Herne\n')
    assert ["c@b.example"] == [person.email for person in people]
    assert [("csv/too-long", "error", 2, 1), ("csv/address", "error", 70_004, 1)] == findings


def test_a_quote_open_for_more_than_a_megabyte_hides_nobody(read):
    """A later cell in quotation marks does not close it."""
    rows = "".join(f"x{number}@b.example,{'y' * 20_000}\n" for number in range(60))
    people, findings = read(f'email,ort\na@b.example,"Essen\n{rows}c@b.example,"Hagen, Mitte"\n')
    assert 61 == len(people)
    assert [("csv/columns", "error", 2, 1)] == findings


def test_a_cell_of_a_megabyte_passes(read):
    people, findings = read(f"email,ort\na@b.example,{'x' * 999_999}\n")
    assert (len(people[0].fields["ort"]), findings) == (999_999, [])


def test_broken_bytes_cost_one_row(read):
    """One row in another encoding does not turn the others into nonsense."""
    good = "".join(f"leser{n}@b.example,Käthe\n" for n in range(3))
    people, findings = read(b"email,first_name\n" + good.encode() + "x@b.example,Jörg\n".encode("cp1252"))
    assert [person.first_name for person in people] == ["Käthe"] * 3
    assert findings == [("csv/encoding", "error", 5, 13)]


def test_bytes_that_windows_1252_lacks_are_named(read):
    people, findings = read("email,first_name\na@b.example,Jörg\n".encode("cp1252") + b"b@b.example,\x81\n")
    assert ([p.first_name for p in people], findings) == (["Jörg"], [("csv/encoding", "error", 3, 13)])


def test_control_characters_are_left_out_and_named(read):
    people, findings = read("email,first_name\na@b.example,Jö\x00r\x0bg\n\u200bc@b.example,C\nd\x00@b.example,D\n")
    assert [(p.email, p.first_name) for p in people] == [("a@b.example", "Jörg"), ("c@b.example", "C")]
    assert findings == [("csv/encoding", "warning", 2, 13), ("csv/address", "error", 4, 1)]


def test_columns_without_a_name_or_with_the_same_are_named(read):
    people, findings = read("email,,Ort,ort\na@b.example,x,Essen,Herne\n")
    assert findings == [("csv/columns", "warning", 1, 7), ("csv/columns", "warning", 1, 12)]
    assert people[0].fields == {"ort": "Essen"}


def test_the_guard_against_formulas_is_undone(read):
    people, _ = read("email,telefon,last_name,x\na@b.example,'+49 201 1,'t Hoff,'=1+1\n")
    assert (people[0].fields, people[0].last_name) == ({"telefon": "+49 201 1", "x": "=1+1"}, "'t Hoff")
    people, _ = read("email,x\na@b.example,''=1\nb@b.example,''t\n")
    assert ["'=1", "''t"] == [one.fields["x"] for one in people]


def test_tags_stand_between_anything(read):
    people, _ = read('email,tags\na@b.example,"kultur|bau; recht,  bau energie"\n')
    assert people[0].tags == ("kultur", "bau", "recht", "energie")


def test_missing_consent_is_counted_once(read):
    content = (
        "email,consented_at,consent_source\na@b.example,2026-01-01,Messe\nb@b.example,,\nc@b.example,2026-01-01,\n"
    )
    people, findings = read(content, legal_basis=False)
    assert (len(people), findings) == (3, [("legal/consent-missing", "warning", 3, 1)])
    assert read(content, legal_basis=True)[1] == []


def test_addresses_beyond_ascii_are_taken_where_smtputf8_is_allowed(read):
    content = "email\njörg@ruhr.example\nJÖRG@ruhr.example\n"
    assert ([], [("csv/address", "error", 2, 1), ("csv/address", "error", 3, 1)]) == read(content)
    people, findings = read(content, smtputf8=True)
    assert (["jörg@ruhr.example"], [("csv/duplicate", "info", 3, 1)]) == ([one.email for one in people], findings)


def test_a_refused_address_beyond_ascii_says_how_to_allow_it(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("email\njörg@ruhr.example\n", encoding="utf-8")
    (finding,) = open_roster(path, "x.csv", legal_basis=True).rows()
    assert "delivery.smtputf8" in str(finding.hint)


def test_excerpts_are_short_and_harmless(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"email,ort\n" + b"\x1b[31m\xff" + b"x" * 300 + b",Essen\n")
    (finding,) = (row for row in open_roster(path, "x.csv", legal_basis=True).rows())
    assert len(finding.at.excerpt) == 120
    assert finding.at.excerpt.isprintable() and finding.at.excerpt.encode()


def test_a_roster_is_read_anew_each_time(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("email\na@b.example\n")
    roster = open_roster(path, "x.csv", legal_basis=True)
    assert list(roster.rows()) == list(roster.rows())


cells = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Co"], exclude_characters="\ufffd'"), max_size=30
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(cells, cells), max_size=8),
    st.sampled_from(",;\t"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_the_csv_module_wrote_reads_back(tmp_path_factory, rows, delimiter, encoding):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(["email", "last_name", "Anmerkung"])
    writer.writerows([f"a{number}@b.example", *row] for number, row in enumerate(rows))
    path = tmp_path_factory.mktemp("roster") / "x.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    found = list(open_roster(path, "x.csv", legal_basis=True).rows())
    assert [row.strip() for row, _ in rows] == [person.last_name for person in found]
    assert [row.strip() for _, row in rows] == [person.fields["anmerkung"] for person in found]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_end_in_an_exception(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("roster") / "x.csv"
    path.write_bytes(b"email,tags\n" + raw)
    rows = list(open_roster(path, "x.csv").rows())
    assert all(isinstance(row, Person | Finding) for row in rows)
