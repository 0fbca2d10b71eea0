"""Reports that other programs read keep to what those programs publish about their formats."""

import json
import re
from functools import cache, partial
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ruhrmail.cli.formats import FORMATS, Report, folder_in_repository
from ruhrmail.flows.explain import page_of
from ruhrmail.i18n import translator
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import phrase
from ruhrmail.rulebook import read_rulebook

SCHEMAS = Path(__file__).parents[1] / "schemas"
JUNIT = etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd"))
ODD = "issues/Größe, 50 % [neu]: 1/issue.yaml"
FINDINGS = (
    Finding(
        "img/missing", "error", Location(ODD, 3, 7, "  src: 😀.jpg"), phrase("there is no picture {src}", src="😀")
    ),
    Finding("csv/columns", "warning", Location("subscribers.csv", 2, 1), phrase("a, b: c\n<d> & \x07"), phrase("50 %")),
    Finding("csv/duplicate", "info", Location("subscribers.csv", 5, 1), phrase("again")),
    Finding("config/relay", "error", Location("RUHRMAIL_RELAY", 0, 0), phrase("no address")),
    Finding("issue/name", "warning", Location("issues/\udcff"), phrase("{slug} is no name", slug="\udcff")),
    Finding("kind/unknown-to-the-book", "info", Location("a.yaml"), phrase("x")),
)


def report(findings=FINDINGS, language="en", **values):
    manual = partial(page_of, language=language)
    return Report(findings, translator(language), rules=read_rulebook(), manual=manual, **values)


@cache
def sarif_validator():
    from jsonschema import Draft4Validator  # seconds, in each process that reads this file

    return Draft4Validator(json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8")))


def sarif(findings=FINDINGS, **values):
    log = json.loads(FORMATS["sarif"](report(findings, **values)))
    assert [] == [error.message for error in sarif_validator().iter_errors(log)]
    return log["runs"][0]


def junit(findings=FINDINGS, **values):
    root = etree.fromstring(FORMATS["junit"](report(findings, **values)).encode())
    JUNIT.assertValid(root)
    return root


SEVERITY = st.sampled_from(["error", "warning", "info"])
TEXTS = st.text(max_size=20)
PLACES = st.builds(Location, TEXTS.filter(bool), st.integers(0, 9), st.integers(0, 9), TEXTS)
ANY = st.lists(
    st.builds(Finding, st.sampled_from(["img/missing", "yaml/tag", "x/y"]), SEVERITY, PLACES,
              st.builds(lambda text: phrase("{text}", text=text), TEXTS)),
    max_size=5,
)  # fmt: skip


@given(ANY, st.booleans())
def test_whatever_is_found_every_format_holds_it(findings, strict):
    found = sarif(findings, strict=strict)
    assert [one.rule for one in findings] == [one["ruleId"] for one in found["results"]]
    cases = junit(findings, strict=strict).findall(".//testcase")
    assert (len(findings) or 1) == len(cases)
    assert len(findings) == len(json.loads(FORMATS["gitlab"](report(findings))))
    assert len(findings) == FORMATS["github"](report(findings)).count("\n")


def test_sarif_names_rules_once_with_help_and_level():
    rules = sarif()["tool"]["driver"]["rules"]
    assert [one.rule for one in FINDINGS] == [one["id"] for one in rules]
    assert "There is no such file." == rules[0]["shortDescription"]["text"]
    assert "letter case included" in rules[0]["help"]["text"]
    assert "error" == rules[0]["defaultConfiguration"]["level"]
    assert {"id": "kind/unknown-to-the-book"} == rules[-1]


def test_a_german_report_helps_in_german():
    run = sarif(language="de")
    first = run["tool"]["driver"]["rules"][0]
    assert ("de", "Die Bilddatei gibt es nicht.") == (run["language"], first["shortDescription"]["text"])
    assert "Abhilfe: Vergleichen Sie den Namen" in first["help"]["text"]
    assert ["Schlecht:", "Gut:", "**Abhilfe:**"] == re.findall(
        r"^(?:\*\*)?[A-Z]\w+:(?:\*\*)?", first["help"]["markdown"], re.M
    )
    assert "```\ncontent:\n" in first["help"]["markdown"]
    texts = [FORMATS[name](report(language="de")) for name in ("junit", "github", "gitlab")]
    assert [True] * 3 == ["es gibt kein Bild 😀" in text and "Tipp: 50" in text for text in texts]


def test_gitlab_sets_the_remedy_apart_from_the_message():
    descriptions = [one["description"] for one in json.loads(FORMATS["gitlab"](report()))]
    assert [True] == sorted({" – try: " in one for one in descriptions if "try:" in one})


def test_sarif_places_are_encoded_and_count_in_the_unit_that_is_declared():
    run = sarif()
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert "unicodeCodePoints" == run["columnKind"]
    assert ODD == unquote(place["artifactLocation"]["uri"])
    assert place["artifactLocation"]["uri"].isascii()
    assert (3, 7) == (place["region"]["startLine"], place["region"]["startColumn"])


def test_sarif_has_no_line_for_a_variable_of_the_environment():
    assert {"logicalLocations": [{"fullyQualifiedName": "RUHRMAIL_RELAY"}]} == sarif()["results"][3]["locations"][0]


def test_fingerprints_survive_lines_above_and_tell_twins_apart():
    here, there = (
        Finding("img/missing", "error", Location("a.yaml", line, 3, "  src: x"), phrase("at {size} KB", size=line))
        for line in (4, 40)
    )
    marks = [one["partialFingerprints"]["ruhrmailFinding/v1"] for one in sarif([here])["results"]]
    assert marks == [one["partialFingerprints"]["ruhrmailFinding/v1"] for one in sarif([there])["results"]]
    assert 2 == len({one["fingerprint"] for one in json.loads(FORMATS["gitlab"](report([here, there])))})


def test_junit_fails_what_gives_exit_code_1():
    assert ("6", "2") == (junit().get("tests"), junit().get("failures"))
    assert "4" == junit(strict=True).get("failures")
    failure = junit().find(".//failure")
    assert failure is not None
    assert f"{ODD}:3:7: there is no picture 😀" in failure.text
    assert 4 == len(junit().findall(".//system-out"))


def test_junit_of_nothing_is_a_case_that_passed():
    root = junit(())
    assert ("1", "0") == (root.get("tests"), root.get("failures"))


def test_github_escapes_what_would_end_a_property_or_a_line():
    lines = FORMATS["github"](report()).splitlines()
    assert len(FINDINGS) == len(lines)
    assert lines[0] == (
        "::error file=issues/Größe%2C 50 %25 [neu]%3A 1/issue.yaml,line=3,col=7,title=img/missing::"
        "there is no picture 😀"
    )
    assert (
        "::warning file=subscribers.csv,line=2,col=1,title=csv/columns::a, b: c%0A<d> & \x07%0Atry: 50 %25" == lines[1]
    )
    assert lines[2].startswith("::notice ")
    assert "::error title=config/relay::RUHRMAIL_RELAY: no address" == lines[3]


def test_gitlab_has_the_fields_that_gitlab_documents():
    rows = json.loads(FORMATS["gitlab"](report()))
    for row in rows:
        assert {"description", "check_name", "fingerprint", "severity", "location"} == set(row)
        assert row["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert row["description"] and row["location"]["path"] and row["location"]["lines"]["begin"] >= 1
    assert len(rows) == len({row["fingerprint"] for row in rows})
    assert ["major", "minor", "info"] == [row["severity"] for row in rows[:3]]


@pytest.mark.parametrize(
    ("root", "expected"),
    [("", "Brief/3"), (".", ""), ("Brief", "3"), ("anderswo", "")],
)
def test_files_are_named_as_the_repository_of_ci_names_them(tmp_path, root, expected):
    project = tmp_path / "Brief" / "3"
    project.mkdir(parents=True)
    (tmp_path / "anderswo").mkdir()
    environ = {"GITHUB_WORKSPACE": str(project)} if root == "." else {"CI_PROJECT_DIR": str(tmp_path / root)}
    assert expected == folder_in_repository(project, environ)
    assert "" == folder_in_repository(project, {})


def test_a_folder_in_the_repository_stands_before_relative_files_only():
    outside = Finding("csv/empty", "error", Location("/lists/a.csv"), phrase("x"))
    above = Finding("csv/empty", "error", Location("../a.csv"), phrase("x"))
    rows = json.loads(FORMATS["gitlab"](report([*FINDINGS[:1], outside, above], folder="post/brief")))
    assert [f"post/brief/{ODD}", "/lists/a.csv", "post/a.csv"] == [row["location"]["path"] for row in rows]
