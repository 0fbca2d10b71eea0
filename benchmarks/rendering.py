"""Warm rendering beside npm mjml and react-email, in turn in one run; and an issue of 500 articles.

The three do different amounts of work, in our disfavour: ruhrmail goes from YAML, Markdown and typography to HTML, text
part and web page; npm mjml only from the finished MJML to HTML; react-email from ready data to HTML and text.
"""

import json
import os
import statistics
import subprocess
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import ruhrmail.render.page as page
from benchmarks.timing import PROJECT, call_once, report
from ruhrmail.config import Config, load_config
from ruhrmail.flows.edition import make_edition
from ruhrmail.model.blocks import Article, Editorial, Text
from ruhrmail.parse import load_issue

NODE = Path(__file__).parent / "node"
ISSUE = "2026-11"
RUNS = 40
ROUNDS = 5
ARTICLES = 500


def measure_rendering() -> None:
    """Prints medians of all three and their ratios by round."""
    config = load_config(PROJECT, os.environ)
    ours = partial(make_edition, config, ISSUE, None)
    source, sections = mjml_of(config), json.dumps(sections_of(config))
    for _ in range(5):
        ours()
    rounds: list[tuple[list[float], list[float], list[float]]] = []
    for _ in range(ROUNDS):
        mine = [call_once(ours) for _ in range(RUNS)]
        rounds.append((mine, run_node("mjml.mjs", source), run_node("react-email.mjs", sections)))
    names = (
        f"ruhrmail: YAML to HTML, text, page ({ISSUE})",
        "npm mjml: MJML to HTML",
        "react-email: data to HTML, text",
    )
    for number, name in enumerate(names):
        report(name, [second for one in rounds for second in one[number]])
    for number, name in ((1, "npm mjml"), (2, "react-email")):
        ratios = [statistics.median(one[number]) / statistics.median(one[0]) for one in rounds]
        print(f"{name + ' / ruhrmail, median of rounds':48} {statistics.median(ratios):.2f}")
    measure_many()


def measure_many() -> None:
    """Prints the time of an issue with 500 articles, from its file to the edition."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        (project / "issues").mkdir()
        (project / "ruhrmail.yaml").write_bytes((PROJECT / "ruhrmail.yaml").read_bytes().replace(b"logo:", b"# logo:"))
        article = "  - {type: article, title: Beitrag, text: Zwei **kurze** Sätze., link: {url: https://a.example/}}\n"
        head = "date: 2026-11-06\nsubject: Viel\npreheader: Sehr viel\ncontent:\n"
        (project / "issues" / "viel.yaml").write_text(head + article * ARTICLES, encoding="utf-8")
        config = load_config(project, os.environ)
        many = partial(make_edition, config, "viel", None)
        many()
        report(f"ruhrmail: {ARTICLES} articles", [call_once(many) for _ in range(5)])


def mjml_of(config: Config) -> str:
    """The MJML that the issue becomes."""
    seen: list[str] = []
    translate = page.mjml2html

    def listen(source: str, **options: object) -> str:
        seen.append(source)
        return str(translate(source, **options))

    page.mjml2html = listen  # type: ignore[assignment]
    try:
        make_edition(config, ISSUE, None)
    finally:
        page.mjml2html = translate
    return seen[0]


def sections_of(config: Config) -> list[dict[str, object]]:
    """The issue's texts as sections, for react-email."""
    issue = load_issue(config.project, ISSUE, None).issue
    blocks = [block for block in issue.content if isinstance(block, Article | Editorial | Text)]
    texts = [(block.title if isinstance(block, Article) else "Kurz gemeldet", block.text or "") for block in blocks]
    while len(texts) < 12:
        texts.append(texts[len(texts) % len(blocks)])
    return [
        {
            "title": title,
            "paragraphs": text.split("\n\n"),
            "link": "https://a.example/",
            "picture": "https://a.example/b.jpg",
        }
        for title, text in texts[:12]
    ]


def run_node(script: str, text: str) -> Sequence[float]:
    """The seconds of each run of a peer."""
    command = ["node", str(NODE / script), str(RUNS)]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True, cwd=NODE)
    return [milliseconds / 1000 for milliseconds in json.loads(done.stdout)]
