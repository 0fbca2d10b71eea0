"""Writes docs/reference/ from the code: every command, option, setting, block and view of templates.

Run `make reference` after a change of commands, models or help texts; a test compares. What needs more than a sentence
stands by hand in docs/commands.md, docs/settings.md and docs/ausgaben.md.
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

os.environ.pop("RUHRMAIL_LANG", None)  # the words of --help are chosen when the commands are imported

import typer.main

from ruhrmail.cli import app
from ruhrmail.cli.guide import ADDED
from ruhrmail.i18n import translator
from ruhrmail.scaffold.schema import Subject, make_schema
from tools.template_api import write_templates

PAGES = Path(__file__).parents[1] / "docs" / "reference"
MADE = "<!-- made by tools/make_reference.py -->"
GERMAN = translator("de")
ENGLISH = translator("en")
HEAD = "| {} | {} | meaning | Bedeutung |\n| --- | --- | --- | --- |"
TABLE = "settings.md#ruhrmailyaml"
MORE = {"subscribers": "operating/list.md", "audiences": "operating/list.md#audiences",
        "redirects": "operating/archive.md", "topics": "operating/list.md#preferences",
        "consent": "operating/service.md#the-form", "images": "operating/installing.md#pictures",
        "approval": "operating/sending.md#approval", "store": "operating/backups.md",
        "delivery": "operating/relays.md", "dkim": "operating/dkim.md", "bounces": "operating/returned-mail.md",
        "seeds": "operating/returned-mail.md#seed-addresses", "check": "settings.md#mail-clients"}  # fmt: skip
"""The page of docs/ that tells more about a section of the settings; of others the table does."""
MARKUP = re.compile(r"[*_\[\]<|]")

OPTIONS = """# Commands and options · Befehle und Optionen

{made}

What `--help` says of every command, in both languages. [Commands](../commands.md) explains them, with examples and exit
codes. Was `--help` zu jedem Befehl sagt, in beiden Sprachen.
"""
SETTINGS = """# Settings · Einstellungen

{made}

Every key of `ruhrmail.yaml`; **bold** ones are required. `[]` stands for each entry of a list, `{{}}` for a name of
your own. [Settings](../settings.md#ruhrmailyaml) has the defaults and tells more.

Jeder Schlüssel der `ruhrmail.yaml`, **fette** sind Pflicht; `[]` steht für jeden Eintrag einer Liste, `{{}}` für einen
Namen, den Sie wählen.
"""
ISSUE = """# Issues and blocks · Ausgaben und Blöcke

{made}

Every key of an issue, **bold** ones are required. [Ausgaben schreiben](../ausgaben.md) shows each block with an
example. Jeder Schlüssel einer Ausgabe, **fette** sind Pflicht; Beispiele für jeden Block zeigt
[Ausgaben schreiben](../ausgaben.md).
"""


def write_options() -> str:
    """The page of all commands."""
    parts = [OPTIONS.format(made=MADE).rstrip()]
    root: Any = typer.main.get_command(app)
    parts.append(command_section("ruhrmail COMMAND", root, "Before a command · Vor einem Befehl"))
    for name, command in sorted(root.commands.items()):
        inner = getattr(command, "commands", None) or {"": command}
        for word, one in sorted(inner.items()):
            called = f"{name} {word}".strip()
            parts.append(command_section(usage_of(called, one), one, called))
    return "\n\n".join(parts) + "\n"


def usage_of(called: str, command: Any) -> str:
    """How a command is typed: its options in brackets, then its arguments."""
    words = [f"ruhrmail {called}"]
    if any(one.param_type_name == "option" for one in command.params):
        words.append("[OPTIONS]")
    arguments = (one for one in command.params if one.param_type_name == "argument")
    words += [named if one.required else f"[{named}]" for one in arguments for named in [spelled(one)]]
    return " ".join(words)


def command_section(usage: str, command: Any, title: str) -> str:
    """One command: what it does, how it is typed, what may follow."""
    rows = [option_row(one) for one in command.params if not one.hidden]
    text = f"{command.help}" + (f" · {GERMAN(command.help)}" if command.help else "")
    table = [HEAD.format("option", "default"), *rows] if rows else []
    return "\n\n".join(one for one in (f"## {title}", text, f"```\n{usage}\n```", "\n".join(table)) if one)


def option_row(parameter: Any) -> str:
    """One option or argument as a row."""
    text = ADDED.get(parameter.name, parameter.help)
    names = ", ".join(f"`{one}`" for one in (*parameter.opts, *parameter.secondary_opts))
    value = "" if getattr(parameter, "is_flag", False) else f" `{cell(spelled(parameter))}`"
    shown = value.strip() if parameter.param_type_name == "argument" else names + value
    return f"| {shown} | {default_of(parameter)} | {cell(text)} | {cell(GERMAN(text))} |"


def spelled(parameter: Any) -> str:
    """What stands for a value: its name, its choices."""
    choices = getattr(parameter.type_descriptor.annotation, "__members__", None)
    if choices:
        return "|".join(str(one.value) for one in choices.values())
    many = "…" if parameter.multiple or parameter.nargs != 1 else ""
    return str(parameter.metavar or parameter.name.rstrip("_").upper()) + many


def default_of(parameter: Any) -> str:
    """A default as it would be typed; nothing for switches and for what has none."""
    default = getattr(parameter.default, "value", parameter.default)
    return "" if default in (None, False, "", [], ()) or callable(default) else f"`{default}`"


def write_settings() -> str:
    """The page of all keys of ruhrmail.yaml, a table for each section."""
    english, german = schemas("config")
    parts = [SETTINGS.format(made=MADE).rstrip()]
    for name in english["properties"]:
        rows = [row_of(key, one, german[key]) for key, one in english["rows"].items() if root_of(key) == name]
        page = MORE.get(name, TABLE)
        more = f"More · mehr: [{title_of(page)}](../{page})"
        parts += [f"## {name}", more, "\n".join([HEAD.format("key", "may be"), *rows])]
    return "\n\n".join(parts) + "\n"


def title_of(page: str) -> str:
    """The headline of a page of docs/; the link may lead to a section of it."""
    text = (PAGES.parent / page.partition("#")[0]).read_text(encoding="utf-8")
    return text.partition("\n")[0].removeprefix("# ")


def write_issue() -> str:
    """The page of an issue's keys and of each block and each part of one."""
    english, german = make_schema("issue", ENGLISH), make_schema("issue", GERMAN)
    parts = [ISSUE.format(made=MADE).rstrip(), model_section("issue.yaml", english, german)]
    for name, one in english["$defs"].items():
        if "properties" in one:
            kind = one["properties"].get("type", {}).get("const", "")
            parts.append(model_section(f"{name} · `{kind}`" if kind else name, one, german["$defs"][name]))
    return "\n\n".join(parts) + "\n"


def model_section(title: str, english: Mapping[str, Any], german: Mapping[str, Any]) -> str:
    """One block or part: what it is, its keys."""
    rows = [
        row_of(key, (form_of(one), one["description"], key in english.get("required", ())),
               ("", german["properties"][key]["description"], False))
        for key, one in english["properties"].items() if key != "type"
    ]  # fmt: skip
    text = f"{english['description']} · {german['description']}"
    return "\n\n".join([f"## {title}", text, "\n".join([HEAD.format("key", "may be"), *rows] if rows else [])]).rstrip()


Row = tuple[str, str, bool]
"""What a key may be, what it means, whether it is required."""


def schemas(subject: Subject) -> tuple[dict[str, Any], dict[str, Row]]:
    """The schema in English with its rows, and the rows in German."""
    english = make_schema(subject, ENGLISH)
    german = make_schema(subject, GERMAN)
    rows = dict(rows_of(english, english["$defs"], ""))
    return {**english, "rows": rows}, dict(rows_of(german, german["$defs"], ""))


def rows_of(model: Mapping[str, Any], models: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Row]]:
    """Every key below a model by the way to it, such as `delivery.relays[].url`."""
    for name, one in model["properties"].items():
        key = prefix + name
        yield key, (form_of(one), one["description"], name in model.get("required", ()))
        for suffix, inner in inner_models(one):
            yield from rows_of(models[inner], models, f"{key}{suffix}.")


def inner_models(schema: Mapping[str, Any], suffix: str = "") -> Iterator[tuple[str, str]]:
    """The models that a value may be made of, each with what stands for its place."""
    if "$ref" in schema:
        yield suffix, schema["$ref"].rpartition("/")[2]
    for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from inner_models(one, suffix)
    if "items" in schema:
        yield from inner_models(schema["items"], f"{suffix}[]")
    if isinstance(schema.get("additionalProperties"), dict):
        yield from inner_models(schema["additionalProperties"], f"{suffix}{{}}")


def form_of(schema: Mapping[str, Any]) -> str:
    """What may stand at a key, in few words."""
    if "enum" in schema:
        return ", ".join(f"`{str(one).lower() if isinstance(one, bool) else one}`" for one in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2].removesuffix("Settings")
    choices = [form_of(one) for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ()))]
    if choices:
        return ", ".join(dict.fromkeys(choices))
    if schema.get("type") == "array":
        return f"list: {form_of(schema.get('items', {}))}"
    return range_of(schema) or simple_form(schema)


def range_of(schema: Mapping[str, Any]) -> str:
    """The bounds of a number."""
    kind, least, most = schema.get("type"), schema.get("minimum"), schema.get("maximum")
    return f"{least} to {most}" if kind in ("integer", "number") and None not in (least, most) else ""


def simple_form(schema: Mapping[str, Any]) -> str:
    """A value that has no parts."""
    words = {"boolean": "`true`, `false`", "integer": "number", "object": "mapping", "string": "text"}
    kind = schema.get("type", "text")
    return words.get(kind, str(kind)) if isinstance(kind, str) else "text"


def row_of(key: str, english: Row, german: Row) -> str:
    """A key as a row."""
    form, meaning, required = english
    name = f"**`{key}`**" if required else f"`{key}`"
    return f"| {name} | {form} | {cell(meaning)} | {cell(german[1])} |"


def root_of(key: str) -> str:
    """The section that a key stands in."""
    return key.partition(".")[0].partition("[")[0].partition("{")[0]


def cell(text: str) -> str:
    """A text within a table, in which nothing but code is markup."""
    parts = re.split(r"(`[^`]*`)", text.replace("\n", " "))
    return "".join(part.replace("|", "\\|") if part[:1] == "`" else MARKUP.sub(r"\\\g<0>", part) for part in parts)


WRITERS = {
    "options.md": write_options,
    "settings.md": write_settings,
    "issue.md": write_issue,
    "templates.md": lambda: write_templates(MADE),
}


def main() -> None:
    """Writes every page."""
    PAGES.mkdir(exist_ok=True)
    for name, write in WRITERS.items():
        (PAGES / name).write_text(write(), encoding="utf-8")


if __name__ == "__main__":
    main()
