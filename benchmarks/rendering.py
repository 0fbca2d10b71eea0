"""Warm rendering beside npm mjml and react-email, in turn in one run; and an issue of 500 articles.

The three do different amounts of work, in our disfavour: ruhrmail goes from YAML, Markdown and typography to HTML, text
part and web page; npm mjml only from the finished MJML to HTML; react-email from ready data to HTML and text.
"""

import json
import os
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import ruhrmail.render.page as page
from benchmarks.timing import PROJECT, call_once, report
from ruhrmail.config import Config, load_config
from ruhrmail.flows.edition import make_edition
from ruhrmail.model.blocks import Article, Editorial
from ruhrmail.parse import load_issue

NODE = Path(__file__).parent / "node"
RUNS = 40
ROUNDS = 5
ARTICLES = 500


def measure_rendering() -> None:
    """Prints medians of all three on an issue of twelve sections, their ratios by round, and larger issues of ours."""
    with tempfile.TemporaryDirectory() as folder:
        config = write_project(Path(folder))
        measure_peers(config)
        report_warm(f"ruhrmail: {ARTICLES} articles", partial(make_edition, config, "viel", None), 5)
    sample = load_config(PROJECT, os.environ)
    report_warm("ruhrmail: 2026-11, with its article pages", partial(make_edition, sample, "2026-11", None), RUNS)


def measure_peers(config: Config) -> None:
    """The three in turn."""
    ours = partial(make_edition, config, "zwoelf", None)
    source, sections = mjml_of(config), json.dumps(sections_of(config))
    for _ in range(5):
        ours()
    rounds = [
        ([call_once(ours) for _ in range(RUNS)], run_node("mjml.mjs", source), run_node("react-email.mjs", sections))
        for _ in range(ROUNDS)
    ]
    names = ("ruhrmail: YAML to HTML, text and page", "npm mjml: MJML to HTML", "react-email: data to HTML and text")
    for number, name in enumerate(names):
        report(name, [second for one in rounds for second in one[number]])
    for number, name in ((1, "npm mjml"), (2, "react-email")):
        ratios = [statistics.median(one[number]) / statistics.median(one[0]) for one in rounds]
        print(f"{name + ' / ruhrmail, median of rounds':48} {statistics.median(ratios):.2f}")


def report_warm(name: str, function: Callable[[], object], runs: int) -> None:
    """The times of a call after some that do not count."""
    for _ in range(3):
        function()
    report(name, [call_once(function) for _ in range(runs)])


def write_project(folder: Path) -> Config:
    """A project with an issue of twelve sections and one of many articles, texts from the sample."""
    (folder / "issues").mkdir()
    (folder / "ruhrmail.yaml").write_bytes((PROJECT / "ruhrmail.yaml").read_bytes().replace(b"logo:", b"# logo:"))
    head = "date: 2026-11-06\nsubject: Licht\npreheader: Zehn Geschichten\ncontent:\n"
    short = "  - {type: article, title: Beitrag, text: Zwei **kurze** Sätze., link: {url: https://a.example/}}\n"
    (folder / "issues" / "viel.yaml").write_text(head + short * ARTICLES, encoding="utf-8")
    blocks = "".join(f"  - {json.dumps(block, ensure_ascii=False)}\n" for block in twelve_sections())
    (folder / "issues" / "zwoelf.yaml").write_text(head + blocks, encoding="utf-8")
    return load_config(folder, os.environ)


def twelve_sections() -> Iterator[dict[str, object]]:
    """A letter, ten stories and events, with the sample's texts."""
    content = load_issue(PROJECT, "2026-11", None).issue.content
    letter = next(block for block in content if isinstance(block, Editorial))
    stories = [block for block in content if isinstance(block, Article) and block.text]
    yield {"type": "editorial", "salutation": "{{ greeting }},", "text": letter.text, "author": letter.author}
    for number in range(10):
        story = stories[number % len(stories)]
        link = {"url": "https://a.example/"}
        yield {"type": "article", "kicker": story.kicker, "title": story.title, "text": story.text, "link": link}
    events = [{"title": f"Termin {day}", "start": f"2026-11-{day}T18:00", "place": "Herne"} for day in range(10, 16)]
    yield {"type": "events", "title": "Termine", "events": events}


def mjml_of(config: Config) -> str:
    """The MJML that the issue becomes."""
    seen: list[str] = []
    translate = page.mjml2html

    def listen(source: str, **options: object) -> str:
        seen.append(source)
        return str(translate(source, **options))

    page.mjml2html = listen  # type: ignore[assignment]
    try:
        make_edition(config, "zwoelf", None)
    finally:
        page.mjml2html = translate
    return seen[0]


def sections_of(config: Config) -> list[dict[str, object]]:
    """The same twelve sections, for react-email."""
    issue = load_issue(config.project, "zwoelf", None).issue
    texts = [
        (getattr(block, "title", None) or "Editorial", getattr(block, "text", None) or "Termine")
        for block in issue.content
    ]
    picture, link = "https://a.example/b.jpg", "https://a.example/"
    return [
        {"title": title, "paragraphs": text.split("\n\n"), "link": link, "picture": picture} for title, text in texts
    ]


def run_node(script: str, text: str) -> Sequence[float]:
    """The seconds of each run of a peer."""
    command = ["node", str(NODE / script), str(RUNS)]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True, cwd=NODE)
    return [milliseconds / 1000 for milliseconds in json.loads(done.stdout)]
