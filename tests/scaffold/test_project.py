"""A new project: everything or nothing, and nothing overwritten."""

import json
from datetime import date
from pathlib import Path

import pytest
import yaml

from ruhrmail.config import load_config
from ruhrmail.errors import RuhrmailError, UsageError
from ruhrmail.flows.check import check_project
from ruhrmail.flows.init import init_project, template_names
from ruhrmail.scaffold import Wanted
from ruhrmail.theme import PACKAGED

TODAY = date(2026, 11, 6)
DEMANDED = (
    "organisation",
    "street",
    "city",
    "phone",
    "email",
    "web",
    "represented_by",
    "register",
    "vat_id",
    "responsible",
)


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_new_project_only_has_its_texts_to_write(tmp_path: Path, language: str) -> None:
    init_project(tmp_path / "new", Wanted(language), TODAY)
    found = check_project(tmp_path / "new", {}, [])
    assert [("text/unwritten", "info")] * 5 == [(finding.rule, finding.severity) for finding in found]
    config = load_config(tmp_path / "new", {})
    assert language == config.newsletter.language


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_imprint_holds_all_that_the_law_demands(tmp_path: Path, language: str) -> None:
    init_project(tmp_path, Wanted(language), TODAY)
    imprint = yaml.safe_load((tmp_path / "ruhrmail.yaml").read_text(encoding="utf-8"))["imprint"]
    assert set(DEMANDED) == set(imprint)


def test_what_is_told_is_written_and_the_rest_is_marked_as_example(tmp_path: Path) -> None:
    wanted = Wanted("de", 'Ruhr "Blick": #1', "https://ruhrblick.example/post/", "post@ruhrblick.example")
    init_project(tmp_path / "told", wanted, TODAY)
    newsletter = load_config(tmp_path / "told", {}).newsletter
    assert ('Ruhr "Blick": #1', 'Ruhr "Blick": #1') == (newsletter.name, newsletter.sender.name)
    assert ("https://ruhrblick.example/post", "post@ruhrblick.example") == (newsletter.url, newsletter.sender.address)
    init_project(tmp_path / "silent", Wanted("de"), TODAY)
    text = (tmp_path / "silent" / "ruhrmail.yaml").read_text(encoding="utf-8")
    assert 3 == text.count("# Beispiel: bitte ersetzen")
    assert "Beispiel: bitte ersetzen" not in (tmp_path / "told" / "ruhrmail.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("wanted", "option"),
    [
        (Wanted("de", url="ruhrblick"), "--url"),
        (Wanted("de", sender="post"), "--sender"),
        (Wanted("de", name="a\nb"), "--name"),
        (Wanted("de", name=" "), "--name"),
        (Wanted("de", name="x" * 500), "--name"),
    ],
)
def test_an_option_that_the_settings_would_refuse_is_wrong_usage(tmp_path: Path, wanted: Wanted, option: str) -> None:
    with pytest.raises(UsageError, match=option):
        init_project(tmp_path / "new", wanted, TODAY)
    assert not (tmp_path / "new").exists()


def test_a_project_is_not_begun_twice(tmp_path: Path) -> None:
    init_project(tmp_path, Wanted("de"), TODAY)
    before = tree(tmp_path)
    with pytest.raises(UsageError, match=r"ruhrmail\.yaml"):
        init_project(tmp_path, Wanted("en"), TODAY)
    assert before == tree(tmp_path)


def test_what_is_in_the_way_is_named_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n", encoding="utf-8")
    (tmp_path / "issues").write_text("mine too\n", encoding="utf-8")
    (tmp_path / "subscribers.csv").symlink_to("elsewhere.csv")
    (tmp_path / "README.md").write_text("not in the way\n", encoding="utf-8")
    before = tree(tmp_path)
    with pytest.raises(UsageError) as refused:
        init_project(tmp_path, Wanted("de"), TODAY)
    named = str(refused.value.message)
    assert [True, True, True, False] == [
        name in named for name in (".gitignore", "issues", "subscribers.csv", "README.md")
    ]
    assert before == tree(tmp_path)


def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "new").write_text("", encoding="utf-8")
    with pytest.raises(RuhrmailError, match="new"):
        init_project(tmp_path / "new", Wanted("de"), TODAY)


def test_nobody_is_on_the_list_and_git_leaves_it_out(tmp_path: Path) -> None:
    init_project(tmp_path, Wanted("de"), TODAY)
    assert 1 == len((tmp_path / "subscribers.csv").read_text(encoding="utf-8").splitlines())
    ignored = (tmp_path / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"subscribers.csv", ".ruhrmail/", "build/", "maildir/", "inbox/"} <= set(ignored)


def test_the_workflow_checks_and_builds_pull_requests(tmp_path: Path) -> None:
    init_project(tmp_path, Wanted("de"), TODAY)
    workflow = yaml.load((tmp_path / ".github/workflows/newsletter.yml").read_text(encoding="utf-8"), yaml.BaseLoader)
    assert "pull_request" in workflow["on"]
    runs = [step.get("run", "") for step in workflow["jobs"]["issues"]["steps"]]
    check = "ruhrmail check --format github --browser --report report"
    assert [check, "ruhrmail build"] == [run for run in runs if run.startswith("ruhrmail")]
    assert {"contents": "read", "pull-requests": "write"} == workflow["permissions"]


def test_editors_find_the_schemas(tmp_path: Path) -> None:
    init_project(tmp_path, Wanted("de"), TODAY)
    settings = json.loads((tmp_path / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    assert [True, True] == [(tmp_path / name).is_file() for name in settings["yaml.schemas"]]
    for path in (tmp_path / "ruhrmail.yaml", tmp_path / "issues" / "2026-11" / "issue.yaml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert (path.parent / first.removeprefix("# yaml-language-server: $schema=")).resolve().is_file()


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_readme_names_the_templates_that_may_be_replaced(tmp_path: Path, language: str) -> None:
    init_project(tmp_path, Wanted(language), TODAY)
    text = (tmp_path / "templates" / "README.md").read_text(encoding="utf-8")
    assert "mail.mjml.j2" in template_names()
    assert [] == [name for name in template_names() if f"`{name}`" not in text]
    assert [] == [name for name in template_names() if not (PACKAGED / "ruhr" / name).is_file()]
    assert "`$number`" in text
