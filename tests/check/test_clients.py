"""A feature's id is known wherever people name rules, and its page says who shows it."""

import json

import pytest

from ruhrmail.clients import read_support, written_as
from ruhrmail.flows.check import check_project
from ruhrmail.rulebook import read_rulebook
from tests.check.desk import find, write_project
from tests.stories.project import Project, environment, sample_project

GAP = {"templates/blocks/text.mjml.j2": '<mj-raw><p style="gap:1px">{{ block.text.html }}</p></mj-raw>\n'}
FOUND = "templates/blocks/text.mjml.j2:1:1"


def project(folder, **case):
    return Project(write_project(folder, {"files": GAP, **case}), environment())


def rules_of(done):
    return [one["rule"] for one in json.loads(done.stdout)["findings"]]


@pytest.mark.parametrize("name", ["client/css-gap", "client/feature", "client/*"])
def test_a_feature_is_chosen_by_either_name(name, tmp_path):
    here = project(tmp_path)
    chosen = rules_of(here.run("check", "--format", "json", "--select", name))
    left = rules_of(here.run("check", "--format", "json", "--ignore", name))
    assert (["client/css-gap"], []) == (chosen, left)


@pytest.mark.parametrize("name", ["client/css-gap", "client/feature"])
def test_a_severity_is_a_setting_by_either_name(name, tmp_path):
    assert [f"error client/css-gap {FOUND}"] == find(
        tmp_path, {"files": GAP, "config": f"check: {{rules: {{{name}: error}}}}\n"}
    )


@pytest.mark.parametrize("name", ["client/html-mailto-links", "client/feature"])
def test_a_comment_silences_what_an_issue_uses(name, tmp_path):
    text = "content:\n  {}- {{type: text, text: 'Die [Halle](mailto:post@halle.example)'}}\n"
    config = "check: {clients: [orange/ios], rules: {client/css-text-decoration: off}}\n"
    found = find(tmp_path, {"issue": text.format(""), "config": config})
    silenced = find(tmp_path, {"issue": text.format(f"# ruhrmail: ignore {name} nobody\n  "), "config": config})
    assert (["warning client/html-mailto-links issues/one.yaml:2:37"], []) == (found, silenced)


def test_a_page_names_feature_address_and_clients(tmp_path):
    said = " ".join(project(tmp_path).run("check", "--explain", "client/css-gap").stdout.split())
    assert said.startswith("client/css-gap (warning)")
    assert "https://www.caniemail.com/features/css-gap/" in said
    assert "- not shown: " in said and "Outlook (Windows)" in said


def test_a_page_says_why_a_feature_is_not_told(tmp_path):
    said = project(tmp_path).run("check", "--explain", "client/css-border-radius").stdout
    assert "not told, for only the look differs" in said


def test_the_page_of_all_features_names_none(tmp_path):
    said = project(tmp_path).run("check", "--explain", "client/feature").stdout
    assert (True, False) == (said.startswith("client/feature (warning)"), "caniemail.com/features" in said)


def test_every_feature_has_a_rule():
    assert set() == {f"client/{slug}" for slug in read_support().features} - set(read_rulebook())


@pytest.mark.parametrize(
    ("slug", "line"),
    [
        ("css-gap", ".a{row-gap:3px}"),
        ("css-display-grid", "display : grid"),
        ("css-at-media", "@media print{"),
        ("css-pseudo-class-hover", "a:hover{"),
        ("css-unit-vh", "height:10vh"),
        ("css-selector-adjacent-sibling", "h1 + p{"),
        ("css-function-clamp", "width:clamp(1px,2px,3px)"),
        ("html-video", "<video src"),
        ("html-srcset", '<img srcset="a"'),
        ("image-webp", 'src="a.webp"'),
    ],
)
def test_a_feature_is_found_where_it_is_written(slug, line):
    assert written_as(slug).search(line)
    assert not written_as(slug).search("p{color:#333333}")


@pytest.mark.parametrize("theme", ["ruhr", "magazin"])
def test_the_own_themes_use_nothing_that_is_told(theme, tmp_path):
    folder = sample_project(tmp_path).folder
    text = (folder / "ruhrmail.yaml").read_text(encoding="utf-8")
    (folder / "ruhrmail.yaml").write_text(text.replace("name: ruhr\n", f"name: {theme}\n"), encoding="utf-8")
    assert [] == check_project(folder, {}, [])
