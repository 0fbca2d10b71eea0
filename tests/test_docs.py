"""The pages say what the program does: nothing a person can meet is missing from them, and nothing leads nowhere."""

import ast
import re
import runpy
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import pytest
import typer.main
from pydantic import BaseModel

from ruhrmail.cli import app
from ruhrmail.clients import read_support
from ruhrmail.config import Rate, Settings, load_config
from ruhrmail.doctor import IDS as LINES
from ruhrmail.flows.check import check_project
from ruhrmail.model.blocks import Block
from ruhrmail.model.issue import Issue
from ruhrmail.model.ledger import State
from ruhrmail.model.placed import Placed
from ruhrmail.rulebook import read_rulebook
from tests.stories.project import sample_project

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "ruhrmail"
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
RULE = re.compile(r"[a-z0-9]+/[a-z][a-z0-9-]*")
VARIABLE = re.compile(r"\b(?:RUHRMAIL_[A-Z_]*[A-Z]|NO_COLOR|SSL_CERT_FILE)\b")
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
SECTION = re.compile(r"^#{2,3} (.+)$", re.MULTILINE)
CODE = re.compile(r"^```\w*\n(.*?)^```|`([^`\n]+)`", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^(?:\$ )?((?:RUHRMAIL_\w+=\S+ )*ruhrmail .*)$", re.MULTILINE)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def sections(text: str) -> dict[str, str]:
    """What stands below each headline of the second and third level."""
    parts = SECTION.split(FENCE.sub(lambda match: match[0].replace("\n#", "\n "), text))
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def commands() -> dict[str, Any]:
    """Every command by the words that call it: `build`, `keys dkim`."""
    found: dict[str, Any] = {}
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        found |= {f"{name} {word}": one for word, one in inner.items()} if inner else {name: command}
    return found


def options(command: Any) -> Iterator[str]:
    """Every name of every option; arguments have none."""
    for parameter in command.params:
        if parameter.param_type_name == "option":
            yield from (*parameter.opts, *parameter.secondary_opts)


def models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from models_in(argument)


def is_list(annotation: object) -> bool:
    """True for a field that holds several of something."""
    if get_origin(annotation) is tuple:
        return True
    return any(is_list(one) for one in get_args(annotation))


def suffix_of(annotation: object) -> str:
    """How the table marks a key that holds several: `relays[]` is a list, `domains{}` has names of the writer's own."""
    if any(get_origin(one) is dict for one in (annotation, *get_args(annotation))):
        return "{}"
    return "[]" if is_list(annotation) else ""


def keys_of(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """The way to every value of the settings as people write it: `newsletter.sender.name`, `delivery.relays[].url`."""
    for name, field in model.model_fields.items():
        key = prefix + (field.alias or name)
        inner = list(models_in(field.annotation))
        for one in inner:
            yield from keys_of(one, f"{key}{suffix_of(field.annotation)}.")
        if not inner or is_list(field.annotation):
            yield key


def blocks() -> list[type[BaseModel]]:
    union = get_args(Block)[0] if get_origin(Block) is Annotated else Block
    return list(get_args(union))


def type_of(block: type[BaseModel]) -> str:
    return str(get_args(block.model_fields["type"].annotation)[0])


def literals(pattern: re.Pattern[str]) -> set[str]:
    """Every piece of a string in the package that the pattern finds."""
    found: set[str] = set()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.update(pattern.findall(node.value))
    return found


MEDIA_TYPES = (
    "image/", "application/", "multipart/", "message/rfc822", "message/delivery-status", "message/feedback-report",
    "message/global-", "message/disposition-notification", "text/plain", "text/html", "text/event-stream",
    "text/rfc822-headers", "text/xml", "text/css",
)  # fmt: skip


def rules() -> set[str]:
    """Every rule id in the package: whole strings of its form, media types excepted."""
    whole = re.compile(rf"\A{RULE.pattern}\Z")
    return {name for name in literals(whole) if not name.startswith((*MEDIA_TYPES, "doctor/"))}


def anchor_of(headline: str) -> str:
    """The anchor that GitHub gives a headline."""
    plain = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", headline).lower())
    return plain.strip().replace(" ", "-")


def anchors(page: Path) -> set[str]:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return {anchor_of(headline) for headline in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_has_a_section_with_every_option(name):
    section = sections(read("docs/commands.md")).get(name, "")
    named = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", section))
    assert set() == set(options(commands()[name])) - named - {"--help", "-h"}


def test_the_options_before_a_command_are_documented():
    named = set(re.findall(r"(?<![\w-])--?[A-Za-z][a-z-]*", read("docs/commands.md").split("\n## ")[0]))
    assert set() == set(options(typer.main.get_command(app))) - named


def test_no_page_tells_of_commands_or_options_that_are_not_there():
    ahead = {*options(typer.main.get_command(app)), "--help", "-h"}
    known = {name: {*options(command), *ahead} for name, command in commands().items()}
    wrong = []
    for page in PAGES:
        code = "\n".join(block or inline for block, inline in CODE.findall(page.read_text(encoding="utf-8")))
        for line in COMMAND.findall(code):
            words = line.split("#")[0].split("ruhrmail ", 1)[1].split()
            told = {word.strip("[]()") for word in words if re.match(r"[\[(]*--?[A-Za-z]", word)}
            pairs = [f"{one} {two}" for one, two in pairwise(words)]
            command = next((word for word in (*pairs, *words) if word in known), "")
            unknown = not command and words and not told and words != ["COMMAND"]
            if unknown or told - known.get(command, ahead):
                wrong.append((page.name, line))
    assert [] == wrong


def test_every_setting_stands_in_the_table():
    told = set(re.findall(r"^\| \**`([^`]+)`", read("docs/settings.md"), re.MULTILINE))
    assert set() == set(keys_of(Settings)) - told


def test_the_table_of_settings_has_no_others():
    table = sections(read("docs/settings.md"))["ruhrmail.yaml"]
    told = set(re.findall(r"^\| \**`([^`]+)`", table, re.MULTILINE))
    assert set() == told - set(keys_of(Settings))


def test_every_variable_of_the_environment_is_documented():
    used = {name for name in literals(VARIABLE) if not name.startswith(("RUHRMAIL_RELAY_NAME", "RUHRMAIL_RELAY_MAIN"))}
    assert set() == used - set(VARIABLE.findall(read("docs/settings.md")))


def test_no_page_names_a_variable_that_nothing_reads():
    logins = re.compile(r"RUHRMAIL_(?:RELAY_[A-Z]+|(?:BOUNCES|SEEDS)(?:_[A-Z]+)?)_(?:USER|PASSWORD|TOKEN)")
    told = {name for page in PAGES for name in VARIABLE.findall(page.read_text(encoding="utf-8"))}
    assert set() == {name for name in told - literals(VARIABLE) if not logins.fullmatch(name)}


@pytest.mark.parametrize("block", blocks(), ids=type_of)
def test_every_block_has_a_section_with_every_field(block):
    section = sections(read("docs/ausgaben.md")).get(type_of(block), "")
    table = set(re.findall(r"^\| \**`(\w+)`", section, re.MULTILINE))
    own = {field.alias or name for name, field in block.model_fields.items()} - {"type", *Placed.model_fields}
    assert own == own & table
    assert f"type: {type_of(block)}" in section


def test_what_every_block_can_say_stands_in_a_section_of_its_own():
    section = sections(read("docs/ausgaben.md"))["Wer welchen Block sieht"]
    assert set(Placed.model_fields) == set(re.findall(r"^\| `(\w+)`", section, re.MULTILINE))
    assert all(issubclass(block, Placed) for block in blocks())


@pytest.mark.parametrize("block", blocks(), ids=type_of)
def test_required_fields_of_blocks_are_bold(block):
    section = sections(read("docs/ausgaben.md"))[type_of(block)]
    needed = {name for name, field in block.model_fields.items() if field.is_required()} - {"type"}
    assert set() == needed - set(re.findall(r"^\| \*\*`(\w+)`\*\*", section, re.MULTILINE))


def test_every_field_inside_a_block_is_explained():
    page = read("docs/ausgaben.md")
    inner = {one for block in blocks() for field in block.model_fields.values() for one in models_in(field.annotation)}
    nested = {one for model in inner for field in model.model_fields.values() for one in models_in(field.annotation)}
    names = {name for model in inner | nested for name in model.model_fields}
    assert set() == names - set(re.findall(r"(?:`|\{|, )(\w+)(?:`|:)", page))


def test_the_examples_of_blocks_are_an_issue_without_findings(tmp_path):
    project = sample_project(tmp_path).folder
    for slug in ("2026-10", "2026-11"):
        shutil.copytree(project / "issues" / slug, project / "issues" / "beispiele", dirs_exist_ok=True)
    examples = "".join(re.findall(r"```yaml\n(  - type: .*?)```", read("docs/ausgaben.md"), re.DOTALL))
    head = "date: 2026-11-06\nsubject: Beispiele\npreheader: Alle Blöcke dieser Seite\ncontent:\n"
    (project / "issues" / "beispiele" / "issue.yaml").write_text(head + examples, encoding="utf-8")
    assert [] == check_project(project, {}, ["beispiele"])


def test_the_example_of_settings_loads(tmp_path):
    found = re.search(r"```yaml\n(.*?)```", sections(read("docs/settings.md"))["ruhrmail.yaml"], re.DOTALL)
    assert found
    (tmp_path / "ruhrmail.yaml").write_text(found[1], encoding="utf-8")
    assert ("main", 20, (Rate(50, 1),)) == next(
        (one.name, one.connections, one.rates) for one in load_config(tmp_path, {}).relays
    )


def test_the_example_of_relays_loads(tmp_path):
    whole, relays = (
        re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
        for text in (sections(read("docs/settings.md"))["ruhrmail.yaml"], read("docs/operating/relays.md"))
    )
    assert whole and relays
    text = whole[1].split("delivery:")[0] + relays[1]
    (tmp_path / "ruhrmail.yaml").write_text(text, encoding="utf-8")
    read_back = load_config(tmp_path, {})
    assert [("main", 3), ("second", 1)] == [(one.name, one.weight) for one in read_back.relays]
    assert ["gmail.com", "*"] == [one.domain for one in read_back.domain_limits]


def test_every_field_of_an_issue_is_explained():
    table = set(re.findall(r"^\| `(\w+)`", sections(read("docs/ausgaben.md"))["Die Datei"], re.MULTILINE))
    assert set(Issue.model_fields) == table


def test_every_rule_has_a_row():
    assert set() == rules() - set(re.findall(r"^\| `([^`]+)`", read("docs/rules.md"), re.MULTILINE))


def test_every_row_of_the_rules_is_a_rule():
    assert set() == set(re.findall(r"^\| `([^`]+)`", read("docs/rules.md"), re.MULTILINE)) - rules()


def test_every_line_of_doctor_has_a_row_and_no_row_is_of_another():
    assert sorted(LINES) == sorted(re.findall(r"^\| `([^`]+)`", read("docs/doctor.md"), re.MULTILINE))


def test_the_rulebook_that_programs_show_is_the_page():
    make_rulebook = runpy.run_path(str(ROOT / "tools" / "make_rules.py"))["make_rulebook"]
    assert make_rulebook(read("docs/rules.md")) == (PACKAGE / "rulebook.json").read_text(encoding="utf-8")
    features = {f"client/{slug}" for slug in read_support().features}
    assert rules() | features == set(read_rulebook())


def test_every_state_of_a_delivery_is_explained():
    table = set(re.findall(r"^\| `(\w+)`", sections(read("docs/commands.md"))["status"], re.MULTILINE))
    assert set() == {state.value for state in State} - table


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page):
    dead = []
    for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        path, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", path):
            continue
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            dead.append(link)
    assert [] == dead


@pytest.mark.parametrize("target", re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
def test_every_target_of_make_is_documented(target):
    assert f"make {target}" in read("docs/contributing.md")


def test_pictures_stay_small():
    assert [] == [path.name for path in (ROOT / "docs" / "pictures").iterdir() if path.stat().st_size > 400_000]
