"""Issues as editors write them: right ones are read, wrong ones refused at the line to mend."""

from datetime import date, datetime
from pathlib import Path

import pytest

from ruhrmail.errors import InvalidInput, RuhrmailError
from ruhrmail.model.merge import KNOWN_COLUMNS
from ruhrmail.parse import find_slugs, load_issue

HEAD = "date: 2026-11-06\nsubject: Licht\npreheader: Vier Termine\ncontent:\n"


def write(project: Path, content: str, slug: str = "x", head: str = HEAD) -> None:
    folder = project / "issues" / slug
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "issue.yaml").write_text(head + content, encoding="utf-8")
    (folder / "da.jpg").write_bytes(b"picture")


def findings(project: Path, content: str, head: str = HEAD) -> list[tuple[str, int, int]]:
    write(project, content, head=head)
    with pytest.raises(InvalidInput) as caught:
        load_issue(project, "x", KNOWN_COLUMNS)
    return [(one.rule, one.at.line, one.at.column) for one in caught.value.findings]


def messages(project: Path, content: str) -> str:
    write(project, content)
    with pytest.raises(InvalidInput) as caught:
        load_issue(project, "x", KNOWN_COLUMNS)
    return " / ".join(f"{one.message} | {one.hint}" for one in caught.value.findings)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("  - type: articel\n    title: x\n", ("schema/block-type", 5, 5)),
        ("  - title: x\n", ("schema/missing", 5, 5)),
        ("  - type: article\n", ("schema/missing", 5, 5)),
        ("  - type: article\n    title: x\n    texxt: y\n", ("schema/unknown", 7, 5)),
        ("  - type: text\n    text: x\n    texxt: y\n", ("schema/unknown", 7, 5)),
        ("  - type: text\n    text: x\n    only_for: a b\n", ("schema/tag", 7, 15)),
        ("  - type: events\n    events: [{title: x, start: 2026-12-01}]\n    titel: y\n", ("schema/unknown", 7, 5)),
        ("  - type: events\n    events: [{title: x, start: 2026-12-01}]\n    title: [y]\n", ("schema/type", 7, 12)),
        ("  - type: figures\n    figures: [{value: 3, label: x, nott: y}]\n", ("schema/unknown", 6, 36)),
        (
            "  - type: article\n    title: x\n    body:\n      - {type: text, text: x, y: z}\n",
            ("schema/unknown", 8, 31),
        ),
        ("  - type: article\n    title:\n", ("schema/missing", 6, 11)),
        ("  - type: article\n    title: [a]\n", ("schema/type", 6, 12)),
        ("  - type: article\n    title: x\n    layout: huge\n", ("schema/choice", 7, 13)),
        ("  - type: article\n    title: x\n    image: {src: da.jpg}\n", ("img/alt-missing", 7, 18)),
        ("  - type: article\n    title: x\n    image: {src: weg.jpg, alt: x}\n", ("img/missing", 7, 18)),
        ("  - type: article\n    title: x\n    image: {src: '', alt: x}\n", ("schema/missing", 7, 18)),
        (
            "  - type: article\n    title: x\n    image: {src: ../../../da.jpg, alt: x}\n",
            ("img/outside-project", 7, 18),
        ),
        ("  - type: article\n    title: x\n    image: {src: /etc/passwd, alt: x}\n", ("img/outside-project", 7, 18)),
        ("  - type: article\n    title: x\n    link: {url: 'javascript:alert(1)'}\n", ("link/scheme", 7, 17)),
        ("  - type: article\n    title: x\n    link: {url: www.x.example}\n", ("link/relative", 7, 17)),
        ("  - type: article\n    title: '{{ first_name }}'\n", ("text/placeholder", 6, 12)),
        ("  - type: text\n    text: |\n      Hallo\n      {{ fist_name }}\n", ("text/placeholder", 8, 7)),
        ("  - type: text\n    text: |\n      Hallo {% if x %}\n", ("text/placeholder", 7, 13)),
        ("  - type: heading\n    text: x\n    level: 5\n", ("schema/range", 7, 12)),
        ("  - type: events\n    events: []\n", ("schema/missing", 6, 13)),
        ("  - type: events\n    events:\n      - {title: x}\n", ("schema/missing", 7, 9)),
        ("  - type: events\n    events:\n      - {title: x, start: morgen}\n", ("schema/date", 7, 27)),
        ("  - type: events\n    events:\n      - {title: x, start: 31.11.2026}\n", ("schema/date", 7, 27)),
        ("  - type: events\n    events:\n      - {title: x, start: 9999-12-31}\n", ("schema/date", 7, 27)),
        ("  - type: events\n    events:\n      - {title: x, start: 01.01.0206 10:00}\n", ("schema/date", 7, 27)),
        (
            "  - type: events\n    events:\n      - {title: x, start: 2026-11-10, end: 2026-11-09}\n",
            ("schema/date-order", 7, 44),
        ),
        (
            "  - type: events\n    events:\n      - {title: x, start: 2026-11-10, end: 2026-11-10T20:00}\n",
            ("schema/date", 7, 44),
        ),
    ],
)
def test_refuses_at_the_line_to_mend(tmp_path, content, expected):
    assert [expected] == findings(tmp_path, content)


def test_tells_everything_at_once(tmp_path):
    rules = findings(tmp_path, "  - type: divider\n    x: 1\n", head="subjekt: y\ncontent:\n")
    assert sorted(rules, key=lambda one: (one[1], one[0])) == [
        ("schema/missing", 1, 1),
        ("schema/missing", 1, 1),
        ("schema/unknown", 1, 1),
        ("schema/unknown", 4, 5),
    ]


def test_tells_schema_fields_and_pictures_at_once(tmp_path):
    content = "  - type: text\n    text: '{{ nobody }}'\n    x: 1\n  - {type: image, src: weg.jpg, alt: x}\n"
    assert {"text/placeholder", "schema/unknown", "img/missing"} == {rule for rule, *_ in findings(tmp_path, content)}


def test_asks_did_you_mean(tmp_path):
    assert "did you mean kicker?" in messages(tmp_path, "  - type: article\n    title: x\n    kiker: y\n")
    assert "did you mean article?" in messages(tmp_path, "  - type: artikel\n    title: x\n")
    assert "did you mean first_name?" in messages(tmp_path, "  - type: text\n    text: '{{ firstname }}'\n")
    assert "did you mean da.jpg?" in messages(tmp_path, "  - type: image\n    src: Da.JPG\n    alt: x\n")


def test_names_the_key_that_an_event_has_beside_dates(tmp_path):
    event = "  - type: events\n    events: [{{title: x, dates: [{{start: 2026-11-10}}], {}: 2026-11-12}}]\n"
    assert "the event has `end` and `dates`" in messages(tmp_path, event.format("end"))
    assert "the event has `start` and `dates`" in messages(tmp_path, event.format("start"))


def test_reads_days_times_and_tours(tmp_path):
    write(
        tmp_path,
        "  - type: events\n    events:\n"
        "      - {title: a, start: 21.11.2026}\n"
        "      - {title: b, start: 2026-11-21T10:00, end: 21.11.2026 17:30, place: Halle}\n"
        "      - {title: c, place: Region, dates: [{start: 2026-11-19, place: Duisburg}, {start: 2026-11-27}]}\n",
    )
    events = load_issue(tmp_path, "x", KNOWN_COLUMNS).issue.content[0].events
    assert date(2026, 11, 21) == events[0].start
    assert not isinstance(events[0].start, datetime)
    assert (datetime(2026, 11, 21, 10), datetime(2026, 11, 21, 17, 30)) == (events[1].start, events[1].end)
    assert [one.place for one in events[2].all_dates()] == ["Duisburg", "Region"]


def test_a_missing_preheader_is_a_warning_only(tmp_path):
    write(tmp_path, "  - type: divider\n", head="date: 06.11.2026\nsubject: x\ncontent:\n")
    assert [one.rule for one in load_issue(tmp_path, "x", KNOWN_COLUMNS).findings] == ["preheader/missing"]


def test_finds_issues_in_folders_and_single_files(tmp_path):
    write(tmp_path, "  - type: divider\n", slug="2026-10")
    (tmp_path / "issues" / "sonder.yaml").write_text(HEAD + "  - type: divider\n", encoding="utf-8")
    assert find_slugs(tmp_path) == ["2026-10", "sonder"]
    assert load_issue(tmp_path, "sonder", KNOWN_COLUMNS).slug == "sonder"


@pytest.mark.parametrize("slug", ["none", "../x", "", "a/b", "x\n"])
def test_an_unknown_or_impossible_slug_is_an_error(tmp_path, slug):
    with pytest.raises(RuhrmailError):
        load_issue(tmp_path, slug, KNOWN_COLUMNS)


def test_merge_fields_may_stand_where_the_contract_says(tmp_path):
    write(
        tmp_path,
        "  - type: editorial\n    salutation: '{{ greeting }},'\n    text: 'Hallo {{ first_name or \"Sie\" }}'\n"
        "    closing: '{{ company }}'\n  - type: button\n    label: los\n    url: https://x.example/?n={{ email }}\n",
        head='date: 2026-11-06\nsubject: "{{ first_name }}, hallo"\npreheader: "{{ last_name }}"\ncontent:\n',
    )
    assert [one.rule for one in load_issue(tmp_path, "x", KNOWN_COLUMNS).findings] == ["privacy/personal-link"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[mehr](https://x.example/?n={{ email }})", ["privacy/personal-link"]),
        ("<https://x.example/?n={{ email }}>", ["privacy/personal-link"]),
        ("[{{ first_name }}](https://x.example/) und (https://x.example) {{ first_name }}", []),
    ],
)
def test_warns_of_personal_links_in_running_text(tmp_path, text, found):
    write(tmp_path, f"  - type: text\n    text: '{text}'\n")
    assert found == [one.rule for one in load_issue(tmp_path, "x", KNOWN_COLUMNS).findings]


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("https//halle.example/plan", "did you mean https://halle.example/plan?"),
        ("http;//halle.example", "did you mean https://halle.example?"),
        ("www.halle.example", "write it with https:// in front"),
        ("httpd.example", "write it with https:// in front"),
    ],
)
def test_a_link_that_is_not_complete_is_completed_as_it_was_meant(tmp_path, url, hint):
    write(tmp_path, f"  - type: article\n    title: x\n    link: {{url: '{url}'}}\n")
    with pytest.raises(InvalidInput) as caught:
        load_issue(tmp_path, "x", KNOWN_COLUMNS)
    assert [hint] == [str(one.hint) for one in caught.value.findings]
