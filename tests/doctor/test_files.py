"""Who may read secrets, and what git knows of them."""

import os
import subprocess
from datetime import date

import pytest

from ruhrmail.config import load_config
from ruhrmail.doctor.project import EXAMPLES
from ruhrmail.flows.init import init_project
from ruhrmail.flows.machine import this_machine
from ruhrmail.scaffold import Wanted
from ruhrmail.store import open_store
from ruhrmail.tokens import load_keyring


@pytest.fixture
def settled(surgery):
    """A project with state: secret and store as ruhrmail makes them."""
    machine, folder = this_machine(), surgery.folder / ".ruhrmail"
    load_keyring((), folder, machine.randomness)
    open_store(f"sqlite:///{folder}/state.db", now=machine.now(), randomness=machine.randomness).close()
    surgery.environ["RUHRMAIL_SECRET"] = ""
    return surgery


def git(surgery, *arguments):
    own = ["-c", "user.name=Ada", "-c", "user.email=ada@kurzbrief.example", "-c", "core.hooksPath=/dev/null"]
    subprocess.run(["git", "-C", str(surgery.folder), *own, *arguments], check=True, capture_output=True)


def test_what_ruhrmail_makes_is_fine(settled):
    assert ["ok files-state", "ok files-secret", "ok store-whole"] == settled.told(
        "files-state", "files-secret", "store-whole"
    )


def test_a_secret_that_others_can_read_is_an_error_and_a_folder_a_warning(settled):
    (settled.folder / ".ruhrmail" / "secret").chmod(0o640)
    (settled.folder / ".ruhrmail").chmod(0o755)
    (settled.folder / ".ruhrmail" / "state.db").chmod(0o644)
    lines = settled.look("files-state", "files-secret")
    assert ["warning", "warning", "error"] == [one.state for one in lines]
    assert "chmod 600 .ruhrmail/secret" == str(lines[2].remedy)


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
def test_a_secret_of_another_user_is_told(settled):
    os.chown(settled.folder / ".ruhrmail" / "secret", 65534, 65534)
    assert "another user (number 65534)" in str(settled.look("files-secret")[0].message)


@pytest.mark.parametrize("content", [b"short\n", b"\xff\xfe" * 40, b""])
def test_a_secret_that_is_none_is_an_error(settled, content):
    (settled.folder / ".ruhrmail" / "secret").write_bytes(content)
    assert ["error files-secret"] == settled.told("files-secret")


def test_git_must_not_take_the_state(settled):
    assert ["ok files-git"] == settled.told("files-git")
    git(settled, "init", "-q")
    assert ["warning files-git"] == settled.told("files-git")
    (settled.folder / ".gitignore").write_text(".ruhrmail/\n")
    assert ["ok files-git"] == settled.told("files-git")


def test_a_secret_in_git_is_an_error_and_stays_one_in_its_history(settled):
    git(settled, "init", "-q")
    git(settled, "add", ".")
    assert ["error files-git", "warning files-list"] == settled.told("files-git", "files-list")
    git(settled, "commit", "-qm", "all")
    git(settled, "rm", "-rq", "--cached", ".ruhrmail", "subscribers.csv")
    (settled.folder / ".gitignore").write_text(".ruhrmail/\n")
    (line,) = settled.look("files-git")
    assert "error" == line.state and "history" in str(line.message)
    assert ["ok files-list"] == settled.told("files-list")


def test_a_damaged_store_is_an_error(settled):
    store = settled.folder / ".ruhrmail" / "state.db"
    content = bytearray(store.read_bytes())
    content[8192:40960] = b"\x5a" * 32768
    store.write_bytes(content)
    assert ["error store-whole"] == settled.told("store-whole")
    store.write_bytes(b"no database at all" * 100)
    assert ["error store-whole"] == settled.told("store-whole")


def test_looking_writes_nothing(surgery):
    before = sorted(surgery.folder.rglob("*"))
    surgery.told("files", "store", "project", "mail", RUHRMAIL_SECRET="")
    assert before == sorted(surgery.folder.rglob("*"))


def test_keys_of_dkim_are_told(settled):
    settled.settings("dkim: [{domain: kurzbrief.example, selector: ruhr}]\n")
    (line,) = settled.look("files-dkim")
    assert "error" == line.state and "there is no key" in str(line.message)


def test_the_imprint_must_be_complete(surgery):
    assert ["ok project-imprint"] == surgery.told("project-imprint")
    file = surgery.folder / "ruhrmail.yaml"
    file.write_text(file.read_text().replace('phone: "0234 1", ', ""))
    assert "the imprint lacks phone" == str(surgery.look("project-imprint")[0].message)


def test_what_init_invented_is_no_imprint(surgery):
    file = surgery.folder / "ruhrmail.yaml"
    file.write_text(file.read_text().replace('phone: "0234 1"', 'phone: "+49 201 000000"'))
    (line,) = surgery.look("project-imprint")
    assert ("error", "phone") == (line.state, line.message.values["names"])


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_example_of_a_new_imprint_is_known(tmp_path, language):
    """But for the city, which somebody else may share."""
    init_project(tmp_path / "new", Wanted(language), date(2026, 11, 6))
    written = load_config(tmp_path / "new", {}).imprint.model_dump(by_alias=True)
    assert ["city"] == [name for name, value in written.items() if value not in EXAMPLES]


def test_an_issue_that_cannot_be_built_is_an_error(surgery):
    assert ["ok mail-issue", "ok mail-headers", "unknown mail-signature"] == surgery.told("mail")
    (surgery.folder / "issues" / "kurz" / "issue.yaml").write_text("date: 2026-11-06\n")
    assert ["error mail-issue"] == surgery.told("mail")


def test_a_store_in_a_folder_that_is_not_there_yet_has_the_space_above_it(surgery, tmp_path):
    assert ["ok store-space"] == surgery.told("store-space", RUHRMAIL_STORE=f"sqlite:///{tmp_path}/a/b/state.db")
