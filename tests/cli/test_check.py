"""`ruhrmail check`: one JSON object, whatever the project is like."""

import json
import shutil
import subprocess

import pytest
from lxml import etree

from tests.stories.project import SMALL_ISSUE, small_project


@pytest.fixture
def project(tmp_path):
    return small_project(tmp_path)


def findings(project, *arguments):
    """Exit code and findings of `check --format json`."""
    done = project.run("check", "--format", "json", *arguments)
    return done.returncode, [(one["rule"], one["file"], one["line"]) for one in json.loads(done.stdout)["findings"]]


@pytest.mark.parametrize("slug", ["gibt-es-nicht", "../kurz"])
def test_an_issue_that_is_not_there_is_a_finding(project, slug):
    assert (1, [("issue/missing", f"issues/{slug}", 1)]) == findings(project, slug)


def test_an_issue_that_exists_twice_is_a_finding_and_stops_nothing(project):
    (project.folder / "issues" / "kurz.yaml").write_text(SMALL_ISSUE, encoding="utf-8")
    (project.folder / "issues" / "lang.yaml").write_text(f"{SMALL_ISSUE}sujet: x\n", encoding="utf-8")
    expected = [("issue/twice", "issues/kurz.yaml", 1), ("schema/unknown", "issues/lang.yaml", 8)]
    assert (1, expected) == findings(project)
    assert 0 == project.run("new", "neu").returncode


def test_an_issue_that_no_command_finds_by_its_name_is_a_warning(project):
    (project.folder / "issues" / "Größe 1").mkdir()
    (project.folder / "issues" / "Größe 1" / "issue.yaml").write_text(SMALL_ISSUE, encoding="utf-8")
    assert (0, [("issue/name", "issues/Größe 1/issue.yaml", 1)]) == findings(project)
    assert "Größe 1 cannot be the name of an issue" in project.run("build").stderr


def test_a_folder_of_issues_that_is_none_is_a_finding(project):
    shutil.rmtree(project.folder / "issues")
    (project.folder / "issues").touch()
    assert (1, [("issue/unreadable", "issues", 1)]) == findings(project)
    assert 1 == project.run("build").returncode


def test_an_issue_that_cannot_be_read_is_not_passed_over(project):
    file = project.folder / "issues" / "kurz" / "issue.yaml"
    file.unlink()
    file.symlink_to("issue.yaml")
    assert (1, [("yaml/unreadable", "issues/kurz/issue.yaml", 1)]) == findings(project)


def break_issue(project, text="sujet: x\n"):
    file = project.folder / "issues" / "kurz" / "issue.yaml"
    file.write_text(f"{SMALL_ISSUE}{text}", encoding="utf-8")
    return file


@pytest.mark.parametrize("name", ["json", "junit", "sarif", "github", "gitlab"])
def test_every_format_is_whole_when_a_file_cannot_be_read(project, name):
    (project.folder / "ruhrmail.yaml").write_bytes(b"\xff\xfe\x00")
    done = project.run("check", "--format", name)
    assert 1 == done.returncode
    assert "yaml/encoding" in done.stdout
    if name in ("json", "sarif", "gitlab"):
        json.loads(done.stdout)
    elif name == "junit":
        etree.fromstring(done.stdout.encode())
    assert ("" if name == "json" else "errors: 1, warnings: 0, notes: 0\n") == done.stderr


def test_only_chosen_rules_count(project):
    break_issue(project)
    assert (0, []) == findings(project, "--ignore", "schema/*")
    assert (0, []) == findings(project, "--select", "img/*,yaml/syntax")
    assert "errors that --select and --ignore leave out: 1" in project.run("check", "--select", "img/*").stderr
    done = project.run("check", "--select", "schema/unknwon")
    assert (2, "") == (done.returncode, done.stdout)
    assert "did you mean schema/unknown?" in done.stderr


def test_a_baseline_hides_what_was_there_and_tells_what_came_and_went(project):
    file = break_issue(project)
    base = ["--baseline", str(project.folder / "known.json")]
    assert 2 == project.run("check", *base).returncode
    assert 0 == project.run("check", *base, "--write-baseline").returncode
    file.write_text("# darüber\n\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    known = project.run("check", *base)
    assert (0, "errors: 0, warnings: 0, notes: 0\nknown from the baseline: 1\n") == (known.returncode, known.stdout)
    break_issue(project, "sujet: x\nnumer: 1\n")
    assert (1, [("schema/unknown", "issues/kurz/issue.yaml", 9)]) == findings(project, *base)
    break_issue(project, "")
    done = project.run("check", *base)
    assert (0, "baseline entries that fit nothing any more: 1 (--write-baseline)\n") == (done.returncode, done.stderr)
    assert {"known": 0, "stale": 1} == json.loads(project.run("check", *base, "--format", "json").stdout)["baseline"]


def test_writing_a_baseline_for_one_issue_keeps_what_is_noted_for_others(project):
    break_issue(project)
    (project.folder / "issues" / "lang.yaml").write_text(f"{SMALL_ISSUE}sujet: x\n", encoding="utf-8")
    base = ["--baseline", str(project.folder / "known.json")]
    for slugs in ([], ["lang"]):
        assert 0 == project.run("check", *slugs, *base, "--write-baseline").returncode
    assert 0 == project.run("check", *base).returncode
    done = project.run("check", "kurz", "--baseline", str(project.folder / "known.json"))
    assert (0, "") == (done.returncode, done.stderr)


def note(project, *entries):
    """A baseline with these entries, each a rule and a file, none of which fits a finding; its option."""
    rows = [{"rule": rule, "file": file, "fingerprint": f"{number:032}"} for number, (rule, file) in enumerate(entries)]
    (project.folder / "known.json").write_text(json.dumps({"version": 1, "findings": rows}), encoding="utf-8")
    return "--baseline", str(project.folder / "known.json")


def kept(project, *arguments):
    """How many entries are called stale, and the rules and files noted after the baseline was written anew."""
    told = json.loads(project.run("check", "--format", "json", *arguments).stdout)["baseline"]
    assert 0 == project.run("check", *arguments, "--write-baseline").returncode
    rows = json.loads((project.folder / "known.json").read_text(encoding="utf-8"))["findings"]
    return told["stale"], [(row["rule"], row["file"]) for row in rows]


LANG = SMALL_ISSUE.replace("Kurz", "Lang").replace("kurzer", "langer")
IN_KURZ, IN_LANG = ("img/weight", "issues/kurz/issue.yaml"), ("img/weight", "issues/lang.yaml")
IN_SETTINGS, IN_LIST = ("sender/name", "ruhrmail.yaml"), ("csv/address", "subscribers.csv")


def test_what_a_baseline_notes_of_an_issue_is_known_again_once_it_can_be_built_again(project):
    fine = SMALL_ISSUE.replace("Kurz und gut", "'Re: Kurz und gut'")
    file = project.folder / "issues" / "kurz" / "issue.yaml"
    file.write_text(fine, encoding="utf-8")
    base = ["--baseline", str(project.folder / "known.json")]
    assert 0 == project.run("check", *base, "--write-baseline").returncode
    file.write_text(f"{fine}sujet: x\n", encoding="utf-8")
    known, gone = ("subject/false-reply", IN_KURZ[1]), ("schema/unknown", IN_KURZ[1])
    assert (0, [gone, known]) == kept(project, *base)
    file.write_text(fine, encoding="utf-8")
    done = project.run("check", *base)
    assert "errors: 0, warnings: 0, notes: 0\nknown from the baseline: 1\n" == done.stdout
    assert "baseline entries that fit nothing any more: 1 (--write-baseline)\n" == done.stderr


def test_entries_of_an_issue_that_cannot_be_built_and_of_what_all_issues_share_are_kept(project):
    (project.folder / "issues" / "lang.yaml").write_text(LANG, encoding="utf-8")
    base = note(project, IN_KURZ, IN_LANG, IN_SETTINGS)
    break_issue(project)
    stale, rows = kept(project, *base)
    assert (1, [IN_KURZ, ("schema/unknown", IN_KURZ[1]), IN_SETTINGS]) == (stale, rows)


def test_entries_of_an_issue_that_is_gone_are_stale(project):
    assert (2, []) == kept(project, *note(project, IN_LANG, IN_SETTINGS))


def test_a_run_on_one_issue_keeps_entries_of_what_all_issues_share(project):
    assert (1, [IN_LANG, IN_SETTINGS]) == kept(project, "kurz", *note(project, IN_KURZ, IN_LANG, IN_SETTINGS))


def test_entries_of_rules_that_could_not_run_are_kept(project):
    asked = [("link/dead", IN_KURZ[1]), ("visual/overflow", IN_KURZ[1])]
    assert (1, asked) == kept(project, *note(project, IN_KURZ, *asked))


def test_entries_of_a_list_that_is_not_there_are_kept(project):
    (project.folder / "subscribers.csv").unlink()
    assert (1, [IN_LIST]) == kept(project, *note(project, IN_KURZ, IN_LIST))


@pytest.mark.parametrize("broken", ["ruhrmail.yaml", "issues"])
def test_where_settings_or_issues_cannot_be_read_all_entries_are_kept(project, broken):
    base = note(project, IN_KURZ, IN_LANG, IN_SETTINGS, IN_LIST)
    if broken == "issues":
        shutil.rmtree(project.folder / "issues")
        (project.folder / "issues").touch()
    else:
        (project.folder / broken).write_text("newsletter: [\n", encoding="utf-8")
    stale, rows = kept(project, *base)
    assert (0, {IN_KURZ, IN_LANG, IN_SETTINGS, IN_LIST}) == (stale, {IN_KURZ, IN_LANG, IN_SETTINGS, IN_LIST} & {*rows})


def test_an_issue_that_is_not_there_is_told_whatever_is_noted(project):
    for more in (["--write-baseline"], [], ["--ignore", "issue/missing"], ["--select", "img/*"]):
        done = project.run("check", "2099-01", "--baseline", str(project.folder / "known.json"), *more)
        assert (1, True) == (done.returncode, "[issue/missing]" in done.stdout)


def test_writing_a_baseline_needs_its_name(project):
    assert 2 == project.run("check", "--write-baseline").returncode


UGLY = """\
date: 6.11.2026   # Freitag
subject: 'Kurz "und"  gut'
preheader: Ein kurzer Brief
content:
  - type: editorial
    text: Das -- ist alles.
"""
NEAT = """\
date: 2026-11-06   # Freitag
subject: 'Kurz „und“ gut'
preheader: Ein kurzer Brief
content:
  - type: editorial
    text: Das – ist alles.
"""


def test_fix_mends_the_file_and_names_each_line(project):
    file = project.folder / "issues" / "kurz" / "issue.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + UGLY.replace("\n", "\r\n").encode())
    file.chmod(0o640)
    done = project.run("check", "--fix")
    assert (0, "") == (done.returncode, done.stderr)
    assert [
        "issues/kurz/issue.yaml:1: mended: date",
        "issues/kurz/issue.yaml:2: mended: quotation marks, double spaces",
        "issues/kurz/issue.yaml:6: mended: dashes",
        "errors: 0, warnings: 0, notes: 0",
    ] == done.stdout.splitlines()
    assert b"\xef\xbb\xbf" + NEAT.replace("\n", "\r\n").encode() == file.read_bytes()
    assert 0o640 == file.stat().st_mode & 0o777
    assert ["issue.yaml"] == [path.name for path in file.parent.iterdir()]
    assert "errors: 0, warnings: 0, notes: 0\n" == project.run("check", "--fix").stdout


def test_fix_leaves_standard_output_to_machines(project):
    (project.folder / "issues" / "kurz" / "issue.yaml").write_text(UGLY, encoding="utf-8")
    done = project.run("check", "--fix", "--format", "json")
    assert {"findings": [], "summary": {"error": 0, "warning": 0, "info": 0}} == json.loads(done.stdout)
    assert 3 == len(done.stderr.splitlines())


def test_diff_changes_nothing_and_can_be_applied(project):
    file = project.folder / "issues" / "kurz" / "issue.yaml"
    file.write_text(UGLY.rstrip("\n"), encoding="utf-8")
    done = project.run("check", "--fix", "--diff")
    assert UGLY.rstrip("\n") == file.read_text(encoding="utf-8")
    subprocess.run(["patch", "-p1"], input=done.stdout, text=True, encoding="utf-8", cwd=project.folder, check=True)
    assert NEAT.rstrip("\n") == file.read_text(encoding="utf-8")
    assert "" == project.run("check", "--diff").stdout


@pytest.mark.parametrize("error", ["sujet: x\n", "  - {type: text, text: '[a](b)'}\n", "  - [\n"])
def test_fix_touches_no_file_with_errors(project, error):
    file = project.folder / "issues" / "kurz" / "issue.yaml"
    file.write_text(UGLY + error, encoding="utf-8")
    assert 1 == project.run("check", "--fix").returncode
    assert UGLY + error == file.read_text(encoding="utf-8")


def test_fix_touches_nothing_while_the_settings_have_errors(project):
    (project.folder / "ruhrmail.yaml").write_text("newsletter: 1\n", encoding="utf-8")
    file = project.folder / "issues" / "kurz" / "issue.yaml"
    file.write_text(UGLY, encoding="utf-8")
    assert 1 == project.run("check", "--fix").returncode
    assert UGLY == file.read_text(encoding="utf-8")


def test_fix_mends_only_the_issues_that_are_named(project):
    for name in ("eins", "zwei"):
        (project.folder / "issues" / f"{name}.yaml").write_text(UGLY, encoding="utf-8")
    assert 0 == project.run("check", "--fix", "zwei").returncode
    assert UGLY == (project.folder / "issues" / "eins.yaml").read_text(encoding="utf-8")
    assert NEAT == (project.folder / "issues" / "zwei.yaml").read_text(encoding="utf-8")


def test_a_link_to_the_file_stays_a_link(project):
    real = project.folder / "anderswo.yaml"
    real.write_text(UGLY, encoding="utf-8")
    (project.folder / "issues" / "link.yaml").symlink_to(real)
    assert 0 == project.run("check", "--fix", "link").returncode
    assert NEAT == real.read_text(encoding="utf-8")
    assert (project.folder / "issues" / "link.yaml").is_symlink()


def test_fix_leaves_an_issue_alone_whose_mailing_has_begun(project):
    file = project.folder / "issues" / "kurz" / "issue.yaml"
    file.write_text(UGLY, encoding="utf-8")
    assert 1 == project.run("send", "kurz", "--yes", RUHRMAIL_RELAY="smtp://127.0.0.1:1").returncode
    for option in ("--fix", "--diff"):
        done = project.run("check", option)
        assert (0, "issues/kurz/issue.yaml: not mended, for its mailing has begun\n") == (done.returncode, done.stderr)
    assert UGLY == file.read_text(encoding="utf-8")
