"""Severities of the settings, comments that silence, and a page for every id."""

import json

import pytest

from tests.check.desk import find, write_project
from tests.stories.project import Project, environment

LOUD = "subject: WARME HALLEN\n"


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("off", []),
        ("info", ["info subject/shouting issues/one.yaml:1:10"]),
        ("error", ["error subject/shouting issues/one.yaml:1:10"]),
    ],
)
def test_a_severity_is_a_setting(level, expected, tmp_path):
    config = f"check:\n  rules: {{subject/shouting: {level}}}\n"
    assert expected == find(tmp_path, {"issue": LOUD, "config": config})


def test_what_cannot_be_read_stays_an_error(tmp_path):
    case = {"issue": "quatsch: 1\n", "config": "check:\n  rules: {schema/unknown: off}\n"}
    assert ["error schema/unknown issues/one.yaml:1:1"] == find(tmp_path, case)


@pytest.mark.parametrize(
    "issue",
    [
        "subject: WARME HALLEN # ruhrmail: ignore subject/shouting\n",
        "# ruhrmail: ignore subject/shouting the exhibition\n# is called so\nsubject: WARME HALLEN\n",
        "#ruhrmail:ignore subject/shouting: so\nsubject: >\n  WARME\n  HALLEN\n",
        "# Ruhrmail: Ignore subject/shouting: so\n\nsubject: WARME HALLEN\n",
        "subject: >-  # ruhrmail: ignore subject/shouting so\n  WARME\n  HALLEN\n",
        "# ruhrmail: ignore text/placeholder so\ncontent: [{type: text, text: 'eins\n  TODO'}]\n",
        "content:\n- type: text\n  text: eins\n    TODO # ruhrmail: ignore text/placeholder\n",
    ],
)
def test_a_comment_silences_a_rule(issue, tmp_path):
    assert [] == find(tmp_path, {"issue": issue})


def test_a_comment_inside_a_text_is_text(tmp_path):
    issue = 'subject: "WARME HALLEN # ruhrmail: ignore subject/shouting x"\n'
    assert ["warning subject/shouting issues/one.yaml:1:10"] == find(tmp_path, {"issue": issue})


def test_a_comment_silences_one_rule_and_one_place(tmp_path):
    issue = (
        "content:\n  - {type: text, text: TODO}  # ruhrmail: ignore text/placeholder the name\n"
        "  - {type: text, text: TODO}\n"
    )
    assert ["error text/placeholder issues/one.yaml:3:24"] == find(tmp_path, {"issue": issue})


def test_findings_of_several_variants_are_told_once(tmp_path):
    blocks = [
        '  - {type: button, label: Zum Programm, url: "http://halle.example/"}',
        "  - {type: text, only_for: kultur, text: Halle}",
        "  - {type: text, not_for: kultur, text: Kanal}",
    ]
    issue = "content:\n" + "\n".join(blocks) + "\n"
    assert ["warning link/insecure issues/one.yaml:2:47"] == find(tmp_path, {"issue": issue})


def test_a_block_of_one_variant_is_found_at_its_own_line(tmp_path):
    issue = (
        "content:\n  - {type: divider}\n  - {type: text, only_for: kultur, text: Halle}\n"
        '  - {type: button, only_for: sport, label: Zum Programm, url: "http://halle.example/"}\n'
        "  - {type: text, text: Kanal}\n"
    )
    assert ["warning link/insecure issues/one.yaml:4:64"] == find(tmp_path, {"issue": issue})


def test_every_id_has_a_page(tmp_path):
    project = Project(write_project(tmp_path, {}), environment())
    assert "delete the parameters" in project.run("check", "--explain", "link/tracking").stdout
    assert "delete one" in project.run("check", "--explain", "yaml/duplicate-key").stdout
    done = project.run("check", "--explain", "link/trackin")
    assert (2, True) == (done.returncode, "link/tracking" in done.stderr)


def test_findings_of_rules_stand_in_the_json(tmp_path):
    project = Project(write_project(tmp_path, {"issue": LOUD}), environment())
    (found,) = json.loads(project.run("check", "--format", "json").stdout)["findings"]
    assert ("subject/shouting", "issues/one.yaml", 1, 10) == (
        found["rule"],
        found["file"],
        found["line"],
        found["column"],
    )


@pytest.mark.parametrize(
    "files",
    [
        {"templates/web.html.j2": ""},
        {"templates/frame.html.j2": "<!-- nothing -->"},
        {"templates/frame.html.j2": "<?xml version='1.0' encoding='utf-8'?><html></html>"},
        {"templates/mail.txt.j2": ""},
        {"templates/mail.mjml.j2": "<mjml></mjml>"},
        {"templates/mail.mjml.j2": "<mjml><mj-body></mj-body></mjml>"},
        {"templates/mail.mjml.j2": ""},
        {"templates/blocks/text.mjml.j2": "<mj-raw><a href='https://[x/?a=%zz#'>x</a><img src='//['></mj-raw>"},
        {"templates/blocks/text.mjml.j2": "<mj-text padding='0' <p></mj-text"},
        {"templates/blocks/odd.mjml.j2": "{% if %}<mj-x"},
        {"issues/two.yaml": "- a\n"},
        {"issues/two.yaml": "date: gestern\nnumber: [1]\nsubject: {a: b}\n"},
    ],
)
def test_odd_files_end_in_findings(files, tmp_path):
    text = "Ein [Link](https://[abc/?utm_source=1) und <https://x.example>."
    issue = f"number: 7\ncontent:\n  - {{type: text, text: '{text}'}}\n"
    assert isinstance(find(tmp_path, {"issue": issue, "files": files}), list)


def test_a_text_that_speaks_of_a_comment_voids_no_comment(tmp_path):
    issue = """\
subject: WARME HALLEN  # ruhrmail: ignore subject/shouting x
preheader: "Man schreibt dann # ruhrmail: ignore subject/shouting x in die Zeile des Betreffs"
"""
    assert [] == find(tmp_path, {"issue": issue})


def test_a_comment_without_a_rule_is_told(tmp_path):
    found = find(tmp_path, {"issue": "subject: Warme Hallen am Kanal  # ruhrmail: ignore\n"})
    assert ["warning check/unknown-id issues/one.yaml:1:33"] == found


def test_passwords_in_links_are_not_repeated(tmp_path):
    issue = "subject: Halle\ncontent:\n- {type: button, label: x, url: 'http://ulla:Geheim-7@halle.example/intern'}\n"
    answer = Project(write_project(tmp_path, {"issue": issue}), environment()).run("check", "--format", "json")
    messages = [one["message"] for one in json.loads(answer.stdout)["findings"]]
    assert any("http://ulla:***@halle.example/intern" in message for message in messages)
    assert "Geheim-7" not in answer.stdout + answer.stderr
