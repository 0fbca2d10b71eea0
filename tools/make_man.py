"""Writes the manual pages into man/: one for the program and one for each command, in English and German.

Run it (`make man`) after a change of commands, options or their help; a test compares. Options and summaries come from
the program, examples from docs/commands.md, the rest from tools/man/*.yaml.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
import typer.main
import yaml

from ruhrmail import __version__
from ruhrmail.cli import app

ROOT = Path(__file__).parents[1]
LANGUAGES = {"en": "man1", "de": "de/man1"}
SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
EXAMPLE = re.compile(r"^\$ (ruhrmail .*?)(?: &)?$", re.MULTILINE)


def main() -> None:
    """All pages below the folder named, else man/. A process for each language, for words are chosen at the start."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "man"
    language = os.environ.get("MAN_LANGUAGE")
    if language:
        write_pages(out / LANGUAGES[language], language)
        return
    for one in LANGUAGES:
        environ = {**os.environ, "RUHRMAIL_LANG": one, "MAN_LANGUAGE": one}
        subprocess.run([sys.executable, __file__, str(out)], env=environ, check=True)


def write_pages(folder: Path, language: str) -> None:
    """One language's pages; what lay in the folder before is gone."""
    words = yaml.safe_load((Path(__file__).parent / "man" / f"{language}.yaml").read_text(encoding="utf-8"))
    program = typer.main.get_command(app)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.1"):
        old.unlink()
    pages = {"ruhrmail": program_page(program, words)}
    for name, command in commands_of(program).items():
        pages[f"ruhrmail-{name}"] = command_page(name, command, words)
    for name, lines in pages.items():
        (folder / f"{name}.1").write_text("\n".join(lines) + "\n", encoding="utf-8")


def commands_of(command: Any) -> dict[str, Any]:
    """The commands of a group, by name, in their order; none for a single command."""
    return dict(getattr(command, "commands", None) or {})


def program_page(program: Any, words: Any) -> list[str]:
    """ruhrmail(1)."""
    head = words["headlines"]
    commands = commands_of(program)
    return [
        *title("ruhrmail", words["summary"], words),
        f".SH {head['synopsis']}",
        rf"\fBruhrmail\fR [\fI{words['word_options']}\fR] \fI{words['word_command']}\fR ...",
        f".SH {head['description']}",
        *prose(words["about"]),
        *parameters(program, "ruhrmail", words),
        f".SH {head['commands']}",
        *entries({f"ruhrmail-{name}(1)": one.help for name, one in commands.items()}),
        *(line for part in ("exit", "environment", "files") for line in (f".SH {head[part]}", *entries(words[part]))),
        f".SH {head['also']}",
        ", ".join(rf"\fBruhrmail\-{escape(name)}\fR(1)" for name in commands),
    ]


def command_page(name: str, command: Any, words: Any) -> list[str]:
    """The page of one command; the commands of a group stand on their group's page."""
    head, inner = words["headlines"], commands_of(command)
    lines = [*title(f"ruhrmail-{name}", command.help, words), f".SH {head['synopsis']}"]
    calls = {f"{name} {word}": one for word, one in inner.items()} or {name: command}
    lines += "\n.br\n".join(synopsis(*call) for call in calls.items()).split("\n")
    lines += [f".SH {head['description']}", *prose(f"{command.help}\n\n{words['ahead']}")]
    for word, one in inner.items():
        lines += [
            f".SH {escape(f'{name} {word}'.upper())}",
            *prose(one.help),
            *parameters(one, word, words, headed=False),
        ]
    lines += [] if inner else parameters(command, name, words)
    shown = [line for call in calls for line in examples(call)]
    if shown:
        lines += [f".SH {head['examples']}", ".nf", *map(escape, shown), ".fi"]
    lines += [f".SH {head['exit']}", *entries(words["exit"]), f".SH {head['also']}", r"\fBruhrmail\fR(1)"]
    return lines


def title(name: str, summary: str, words: Any) -> list[str]:
    """What every page begins with. No date: the same program has the same pages."""
    clause = escape(summary.rstrip("."))
    return [
        r".\" Made by tools/make_man.py.",
        f'.TH {escape(name.upper())} 1 "" "ruhrmail {__version__}" "{words["manual"]}"',
        ".ad l",
        f".SH {words['headlines']['name']}",
        rf"{escape(name)} \- {clause}",
    ]


def synopsis(name: str, command: Any) -> str:
    """How a command is called: options in brackets, then its arguments."""
    context = typer.Context(command, info_name=name)
    told = [rf"\fBruhrmail {escape(name)}\fR"]
    for param in shown_params(command, context):
        value = f" {shown_value(param, context)}" if takes_value(param) else ""
        if param.param_type_name == "option":
            told.append(rf"[\fB{escape(param.opts[0])}\fR{value}]{'...' if param.multiple else ''}")
        else:
            told.append(f"{value.strip()}..." if param.nargs != 1 else value.strip())
    return " ".join(told)


def parameters(command: Any, name: str, words: Any, *, headed: bool = True) -> Iterator[str]:
    """Arguments and options with what they mean."""
    context = typer.Context(command, info_name=name)
    for kind in ("argument", "option"):
        params = [param for param in shown_params(command, context) if param.param_type_name == kind]
        if params and headed:
            yield f".SH {words['headlines'][f'{kind}s']}"
        for param in params:
            value = f" {shown_value(param, context)}" if takes_value(param) else ""
            names = rf"\fB{escape(', '.join([*param.opts, *param.secondary_opts]))}\fR"
            default = default_of(param)
            yield from (".TP", names + value if kind == "option" else value.strip())
            yield escape(f"{param.help} ({words['default']}: {default})" if default else param.help)


def takes_value(param: Any) -> bool:
    """False for switches."""
    return param.param_type_name == "argument" or not param.is_flag


def shown_value(param: Any, context: Any) -> str:
    """What is to be written for it, such as FILE; choices with bars between them."""
    choices = param.type_descriptor.choices or ()
    told = param.metavar or "|".join(str(one.value) for one in choices) or param.display_type(context) or param.name
    return rf"\fI\%{escape(told)}\fR"


def default_of(param: Any) -> str:
    """The value without the option; nothing for switches, and where there is none."""
    if not takes_value(param) or param.default in (None, "", (), []):
        return ""
    return str(getattr(param.default, "value", param.default))


def shown_params(command: Any, context: Any) -> list[Any]:
    """Its parameters in the reader's words, without the hidden ones and --help."""
    return [one for one in command.get_params(context) if not getattr(one, "hidden", False) and one.name != "help"]


def entries(told: dict[str, str]) -> Iterator[str]:
    """Terms in bold, and what they mean."""
    for term, meaning in told.items():
        yield from (".TP", rf"\fB{escape(term)}\fR", escape(meaning))


def examples(name: str) -> list[str]:
    """The calls that docs/commands.md shows for a command."""
    parts = SECTION.split((ROOT / "docs" / "commands.md").read_text(encoding="utf-8"))
    return EXAMPLE.findall(dict(zip(parts[1::2], parts[2::2], strict=True)).get(name, ""))


def prose(text: str) -> Iterator[str]:
    """Paragraphs, with a request between them."""
    for number, paragraph in enumerate(text.strip().split("\n\n")):
        if number:
            yield ".PP"
        yield escape(" ".join(paragraph.split()))


def escape(text: str) -> str:
    """Text as roff: hyphens that can be copied, no line that reads as a request, code in bold."""
    plain = " ".join(text.split()).replace("\\", r"\e").replace("-", r"\-")
    plain = re.sub(r"`([^`]+)`", r"\\fB\1\\fR", plain)
    return rf"\&{plain}" if plain[:1] in (".", "'") else plain


if __name__ == "__main__":
    main()
