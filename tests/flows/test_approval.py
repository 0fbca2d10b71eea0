"""Which content an approval is about, and whose it is."""

import os
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ruhrmail.config import Config, load_config
from ruhrmail.errors import InvalidInput, NotApproved, UsageError
from ruhrmail.flows.approval import check_approval, find_approval
from ruhrmail.flows.approve import approve, name_of_approver, propose
from ruhrmail.flows.machine import this_machine
from ruhrmail.flows.mailing import Draft, content_hash, draft_mailing
from ruhrmail.flows.trail import read_trail, trail_path, write_trail
from ruhrmail.model.account import Approval
from ruhrmail.store import open_store_readonly, read_approvals
from tests.stories.project import SECRET, small_project

AT = datetime(2026, 11, 6, 9, 0, tzinfo=UTC)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    project = small_project(tmp_path)
    settings = tmp_path / "ruhrmail.yaml"
    settings.write_text(f"{settings.read_text(encoding='utf-8')}approval: required\n", encoding="utf-8")
    return load_config(project.folder, {"RUHRMAIL_SECRET": SECRET, "RUHRMAIL_RELAY": "smtp://127.0.0.1:9"})


@pytest.fixture
def draft(config: Config) -> Draft:
    return draft_mailing(config, "kurz", "relay", this_machine())


def approval(draft: Draft, by: str = "Mara Beispiel", **columns: object) -> Approval:
    manifest = {**draft.new.manifest}
    return replace(
        Approval("kurz", content_hash(manifest), manifest, by, AT, 3, 2, 1, "Kurz & gut: „Licht“"), **columns
    )


def test_what_is_written_is_read_again(config, draft):
    written = [approval(draft), approval(draft, "Ben: Beispiel # Wanne-Eickel")]
    write_trail(config, "kurz", written)
    assert tuple(written) == read_trail(config, "kurz")


def test_the_approval_of_exactly_this_content_lets_it_out(config, draft):
    write_trail(config, "kurz", [approval(draft)])
    assert "Mara Beispiel" == check_approval(config, "kurz", None, draft).by


def test_without_one_nothing_goes_out(config, draft):
    with pytest.raises(NotApproved):
        check_approval(config, "kurz", None, draft)


@pytest.mark.parametrize("name", ["sender", "issues/kurz/issue.yaml"])
def test_what_changed_since_is_named_and_who_to_ask(config, draft, name):
    manifest = {**draft.new.manifest, name: "something else"}
    write_trail(config, "kurz", [approval(draft, manifest=manifest, sha256=content_hash(manifest))])
    with pytest.raises(NotApproved) as caught:
        check_approval(config, "kurz", None, draft)
    assert (name, "Mara Beispiel") == (caught.value.message.values["what"], caught.value.hint.values["name"])


def test_an_entry_whose_hash_is_not_that_of_its_files_counts_for_nothing(config, draft):
    write_trail(config, "kurz", [approval(draft, manifest={"issues/kurz/issue.yaml": "0" * 64})])
    assert () == read_trail(config, "kurz")


def test_an_entry_that_somebody_changed_is_named(config, draft):
    write_trail(config, "kurz", [approval(draft, manifest={"issues/kurz/issue.yaml": "0" * 64})])
    with pytest.raises(NotApproved) as caught:
        check_approval(config, "kurz", None, draft)
    assert "approvals/kurz.yaml:3:3" == str(caught.value.message.values["place"])


@pytest.mark.parametrize(
    "left", ["", "# Who approved what\n", "# Who approved what\napprovals:\n", "approvals: # none\n"]
)
def test_a_file_whose_entries_were_removed_is_no_mistake(config, draft, left):
    """The file itself says: to take an approval back, remove its entry."""
    trail_path(config, "kurz").parent.mkdir()
    trail_path(config, "kurz").write_text(left, encoding="utf-8")
    with pytest.raises(NotApproved):
        check_approval(config, "kurz", None, draft)
    approve(config, propose(config, {}, "kurz", this_machine()), "Mara Beispiel", this_machine())
    assert "Mara Beispiel" == check_approval(config, "kurz", None, draft).by


def test_two_approvals_that_git_could_not_merge_are_told_where_they_meet(config, draft):
    write_trail(config, "kurz", [approval(draft)])
    path = trail_path(config, "kurz")
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> other\n", encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        read_trail(config, "kurz")
    assert (text.count("\n") + 1, 1) == (caught.value.at.line, caught.value.at.column)
    assert "git" in caught.value.findings[0].message.template


def test_an_entry_that_was_removed_takes_the_approval_back_though_the_ledger_has_it(config, draft):
    approve(config, propose(config, {}, "kurz", this_machine()), "Mara Beispiel", this_machine())
    assert check_approval(config, "kurz", None, draft) is not None
    write_trail(config, "kurz", [])
    with pytest.raises(NotApproved):
        check_approval(config, "kurz", None, draft)
    with open_store_readonly(config.store) as store:
        assert ["Mara Beispiel"] == [one.by for one in read_approvals(store, "kurz")]


def test_the_same_content_has_the_same_hash_whoever_approves_it(config, draft):
    proposal = propose(config, {}, "kurz", this_machine())
    assert (content_hash(draft.new.manifest), 3) == (proposal.sha256, proposal.plan.listed)
    approve(config, proposal, "Ben Beispiel", this_machine())
    assert "Ben Beispiel" == propose(config, {}, "kurz", this_machine()).approved.by
    assert find_approval(read_trail(config, "kurz"), {"another": "thing"}) is None


def test_a_broken_file_is_told_with_its_place(config, draft):
    write_trail(config, "kurz", [approval(draft)])
    path = trail_path(config, "kurz")
    path.write_text(path.read_text(encoding="utf-8").replace("by: Mara", "von: Mara"), encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        read_trail(config, "kurz")
    assert "approvals/kurz.yaml" == caught.value.at.file
    assert {"3", "4"} == {str(one.at.line) for one in caught.value.findings}


def test_who_approves_comes_from_git_and_somebody_must(config, monkeypatch):
    monkeypatch.setenv("HOME", str(config.project))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(config.project))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    git = ("git", "-C", str(config.project))
    subprocess.run([*git, "init", "-q"], check=True, env=os.environ)
    with pytest.raises(UsageError):
        name_of_approver(config, None)
    subprocess.run([*git, "config", "user.name", "Änne Beispiel"], check=True)
    assert ("Änne Beispiel", "Ben Beispiel") == (
        name_of_approver(config, None),
        name_of_approver(config, " Ben  Beispiel "),
    )


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "a\x1b[31mb"])
def test_a_name_that_nobody_can_have_is_refused(config, name):
    with pytest.raises(UsageError):
        name_of_approver(config, name)
