"""From a new key to mail that verifies, and what is said about keys that are no good."""

import os
import stat

import dkim
import pytest

from tests.stories.project import Project, small_project

DOMAIN = "kurzbrief.example"


@pytest.fixture
def project(tmp_path):
    return small_project(tmp_path / "project")


def use(project: Project, *selectors: str, domain: str = DOMAIN) -> None:
    """Names the selectors in the settings."""
    entries = ", ".join(f"{{domain: {domain}, selector: {one}}}" for one in selectors)
    with (project.folder / "ruhrmail.yaml").open("a", encoding="utf-8") as file:
        file.write(f"dkim: [{entries}]\n")


def published(output: str) -> tuple[bytes, bytes]:
    """Name and value of the record that `keys dkim` printed."""
    name, *strings = output.splitlines()
    return name.split()[0].encode(), "".join(one.strip(' "()') for one in strings).encode()


def sent(project: Project) -> list[bytes]:
    """The mails in the Maildir, without the two lines that delivery adds."""
    return [file.read_bytes() for file in (project.folder / "maildir" / "new").iterdir()]


def test_a_test_mail_and_a_mailing_verify_against_the_printed_records(project: Project) -> None:
    made = [project.run("keys", "dkim", "ruhr-2026"), project.run("keys", "dkim", "ed.2026", "--type", "ed25519")]
    assert [0, 0] == [one.returncode for one in made]
    zone = dict(published(one.stdout) for one in made)
    use(project, "ruhr-2026", "ed.2026")
    assert 0 == project.run("send", "kurz", "--test", "ich@leser.example").returncode
    assert 0 == project.run("send", "kurz", "--yes").returncode
    mails = sent(project)
    assert 4 == len(mails)
    for content in mails:
        message = dkim.DKIM(content)
        assert [True, True] == [message.verify(one, lambda name, timeout=5: zone[name]) for one in (0, 1)]


def test_a_key_in_the_environment_signs(project: Project) -> None:
    made = project.run("keys", "dkim", "ruhr-2026")
    file = project.folder / ".ruhrmail" / "dkim" / "ruhr-2026.pem"
    key = file.read_text(encoding="ascii").replace("\n", "\\n")
    file.unlink()
    use(project, "ruhr-2026")
    done = project.run("send", "kurz", "--test", "ich@leser.example", RUHRMAIL_DKIM_RUHR_2026=key)
    assert 0 == done.returncode, done.stderr
    zone = dict([published(made.stdout)])
    (content,) = sent(project)
    assert dkim.DKIM(content).verify(0, lambda name, timeout=5: zone[name])
    shown = project.run("keys", "dkim", "ruhr-2026", "--show", RUHRMAIL_DKIM_RUHR_2026=key)
    assert made.stdout == shown.stdout
    again = project.run("keys", "dkim", "ruhr-2026", RUHRMAIL_DKIM_RUHR_2026=key)
    assert (1, "") == (again.returncode, again.stdout)


def test_a_new_key_is_its_owners_alone_and_never_overwritten(project: Project) -> None:
    made = project.run("keys", "dkim", "ruhr-2026")
    file = project.folder / ".ruhrmail" / "dkim" / "ruhr-2026.pem"
    assert 0o600 == stat.S_IMODE(file.stat().st_mode)
    assert 0o700 == stat.S_IMODE(file.parent.stat().st_mode) == stat.S_IMODE(file.parent.parent.stat().st_mode)
    assert "PRIVATE" not in made.stdout + made.stderr
    before = file.read_bytes()
    again = project.run("keys", "dkim", "ruhr-2026")
    assert (1, before) == (again.returncode, file.read_bytes())
    assert made.stdout == project.run("keys", "dkim", "ruhr-2026", "--show").stdout


def test_the_settings_say_which_domain_a_record_is_for(project: Project) -> None:
    use(project, "ruhr-2026", domain="post.kurzbrief.example")
    made = project.run("keys", "dkim", "ruhr-2026")
    assert made.stdout.startswith("ruhr-2026._domainkey.post.kurzbrief.example. IN TXT (\n")
    assert "ruhrmail.yaml" not in made.stderr


@pytest.mark.parametrize("selector", ["../x", "", "a/b", "a..b", "-a", "ä", "a" * 64])
def test_what_cannot_be_a_selector_is_wrong_usage(project: Project, selector: str) -> None:
    assert 2 == project.run("keys", "dkim", "--", selector).returncode
    assert not (project.folder / ".ruhrmail").exists()


def test_show_and_type_exclude_each_other(project: Project) -> None:
    assert 2 == project.run("keys", "dkim", "x", "--show", "--type", "rsa").returncode


def test_a_selector_that_cannot_be_is_named_by_check(project: Project) -> None:
    use(project, "a_b")
    done = project.run("check")
    assert (1, True) == (done.returncode, "a_b cannot be a DKIM selector error [config/dkim]" in done.stdout)


def test_a_missing_key_ends_send_before_it_begins_and_is_nothing_to_check(project: Project) -> None:
    use(project, "ruhr-2026")
    for wish in (["--yes"], ["--test", "ich@leser.example"], ["--dry-run"]):
        done = project.run("send", "kurz", *wish)
        assert (1, True) == (done.returncode, "no key for the DKIM selector ruhr-2026" in done.stderr)
        assert "ruhrmail keys dkim ruhr-2026, or put it into RUHRMAIL_DKIM_RUHR_2026" in done.stderr
    assert not (project.folder / "maildir").exists()
    assert 0 == project.run("check", "--strict").returncode


def test_a_broken_key_is_named_and_not_shown(project: Project) -> None:
    use(project, "ruhr-2026")
    done = project.run("send", "kurz", "--yes", RUHRMAIL_DKIM_RUHR_2026="GEHEIM")
    assert (1, True) == (done.returncode, "RUHRMAIL_DKIM_RUHR_2026: this is no private key in PEM" in done.stderr)
    assert "GEHEIM" not in done.stderr
    folder = project.folder / ".ruhrmail" / "dkim" / "ruhr-2026.pem"
    folder.mkdir(parents=True)
    done = project.run("check")
    assert (1, True) == (done.returncode, "the DKIM key cannot be read: Is a directory" in done.stdout)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
def test_a_key_that_others_can_read_is_a_warning(project: Project) -> None:
    project.run("keys", "dkim", "ruhr-2026")
    use(project, "ruhr-2026")
    (project.folder / ".ruhrmail" / "dkim" / "ruhr-2026.pem").chmod(0o640)
    done = project.run("check")
    assert (0, True) == (done.returncode, "others can read this private key warning [dkim/readable]" in done.stdout)
    told = project.run("send", "kurz", "--yes")
    assert (0, True) == (told.returncode, "others can read this private key" in told.stderr)


@pytest.mark.parametrize(
    ("domain", "warned"), [("kurzbrief.example", 0), ("post.kurzbrief.example", 0), ("anderswo.example", 1)]
)
def test_a_signature_of_another_domain_is_a_warning(project: Project, domain: str, warned: int) -> None:
    use(project, "ruhr-2026", domain=domain)
    assert warned == project.run("check").stdout.count("[dkim/domain]")
