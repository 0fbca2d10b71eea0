"""The schemas say what the models say, in words that editors understand."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ruhrmail.config.settings import Settings
from ruhrmail.errors import InvalidInput
from ruhrmail.i18n import translator
from ruhrmail.model.issue import Issue
from ruhrmail.scaffold.meanings import MEANINGS, TITLES
from ruhrmail.scaffold.schema import all_models, make_schema, meaning_of, print_schema
from ruhrmail.source import parse_document, validate

REPOSITORY = Path(__file__).parents[2]
ISSUES = sorted(REPOSITORY.glob("issues/*/issue.yaml"))
SCHEMAS = {subject: make_schema(subject, translator("de")) for subject in ("issue", "config")}
MODELS = {"issue": Issue, "config": Settings}


class Core(yaml.SafeLoader):
    """YAML 1.2's view of plain scalars, as editors have it: dates are text."""


Core.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def validator(subject: str) -> Any:
    """What finds out whether data keep to a schema."""
    from jsonschema import Draft202012Validator  # seconds, in each process that reads this file

    return Draft202012Validator(SCHEMAS[subject])


def complaints(subject: str, text: str) -> list[str]:
    """What the schema finds wrong with a file."""
    data = yaml.load(text, Loader=Core)
    return [error.message for error in validator(subject).iter_errors(data)]


def accepts(subject: str, text: str) -> bool:
    """Whether ruhrmail itself reads the file."""
    try:
        validate(parse_document(text, Path("x.yaml"), "x.yaml"), MODELS[subject])
    except InvalidInput:
        return False
    return True


def every_key() -> Iterator[tuple[str, str]]:
    """Each key of each model, and the name under which it is explained."""
    for root in MODELS.values():
        for model in all_models(root):
            for name, field in model.model_fields.items():
                yield f"{model.__name__}.{field.alias or name}", meaning_of(model, field.alias or name)


@pytest.mark.parametrize("subject", SCHEMAS)
def test_the_schemas_are_schemas(subject: str) -> None:
    validator(subject).check_schema(SCHEMAS[subject])


def test_every_key_and_model_is_explained_and_nothing_else() -> None:
    models = {model.__name__ for root in MODELS.values() for model in all_models(root)}
    assert [] == [key for key, meaning in every_key() if meaning not in MEANINGS]
    assert set() == models - MEANINGS.keys()
    assert set() == MEANINGS.keys() - models - {meaning for _, meaning in every_key()}
    assert set() == TITLES.keys() - models


@pytest.mark.parametrize("name", sorted(MEANINGS))
def test_every_explanation_exists_in_german(name: str) -> None:
    english = str(MEANINGS[name])
    assert english in translator("de").words
    assert english != translator("de")(english)


@pytest.mark.parametrize("subject", SCHEMAS)
def test_every_key_of_the_schema_has_its_help_and_no_other_key_may_stand_there(subject: str) -> None:
    for definition in (SCHEMAS[subject], *SCHEMAS[subject]["$defs"].values()):
        if "properties" in definition:
            assert definition["additionalProperties"] is False
            assert definition["description"]
            assert [] == [key for key, value in definition["properties"].items() if not value.get("description")]


def test_the_help_speaks_german_or_english() -> None:
    german, english = (make_schema("issue", translator(language)) for language in ("de", "en"))
    assert "Die Bildunterschrift." == german["$defs"]["Picture"]["properties"]["caption"]["description"]
    assert "The line below the picture." == english["$defs"]["Picture"]["properties"]["caption"]["description"]
    assert "Beitrag" == german["$defs"]["Article"]["title"]


@pytest.mark.parametrize(("subject", "name"), [("issue", "issue.schema.json"), ("config", "ruhrmail.schema.json")])
def test_the_repositorys_schemas_are_up_to_date(subject: str, name: str) -> None:
    committed = (REPOSITORY / "schema" / name).read_text(encoding="utf-8")
    assert print_schema(SCHEMAS[subject]) == committed, "run: make schema"


@pytest.mark.parametrize("path", ISSUES, ids=lambda path: path.parent.name)
def test_the_sample_issues_pass(path: Path) -> None:
    assert [] == complaints("issue", path.read_text(encoding="utf-8"))


def test_the_sample_config_passes() -> None:
    assert [] == complaints("config", (REPOSITORY / "ruhrmail.yaml").read_text(encoding="utf-8"))


HEAD = "date: 2026-11-06\nsubject: Kurz\ncontent:\n"
GOOD = [
    "  - {type: text, text: x, only_for: stadt, not_for: [presse, 2027]}\n",
    "  - {type: events, events: [{title: 2027, start: 21.11.2026 10:00 Uhr, end: '2026-11-21T12:00'}]}\n",
    "  - {type: events, events: [{title: a, dates: [{start: 2026-11-21}, {start: 1. 12. 2026, place: Hamm}]}]}\n",
    "  - {type: article, title: a, body: '## Mehr'}\n",
    "  - {type: article, title: a, body: [{type: quote, text: b}, {type: contents}]}\n",
    "  - {type: image, src: a.jpg, decorative: true}\n",
    "  - {type: figures, figures: [{value: 11, label: Betriebe}]}\n",
    "  - {type: heading, text: a, level: 3}\n",
]
BAD = [
    "  - {type: text, txt: x}\n",
    "  - {type: artikel, title: x}\n",
    "  - {title: x}\n",
    "  - {type: image, src: a.jpg}\n",
    "  - {type: events, events: [{title: a}]}\n",
    "  - {type: events, events: [{title: a, start: morgen}]}\n",
    "  - {type: events, events: []}\n",
    "  - {type: heading, text: a, level: 4}\n",
    "  - {type: article, title: a, layout: groß}\n",
    "  - {type: article, title: a, body: [{type: quote}]}\n",
    "  - {type: text, text: ''}\n",
    "  []\n",
]


@pytest.mark.parametrize("content", GOOD)
def test_what_ruhrmail_reads_the_schema_lets_pass(content: str) -> None:
    assert accepts("issue", HEAD + content)
    assert [] == complaints("issue", HEAD + content)


@pytest.mark.parametrize("content", BAD)
def test_what_ruhrmail_refuses_the_schema_refuses(content: str) -> None:
    assert not accepts("issue", HEAD + content)
    assert complaints("issue", HEAD + content)


NEWSLETTER = """\
newsletter: {name: a, url: https://a.example, sender: {name: a, address: a@a.example}}
imprint: {organisation: a, street: b, city: c, email: a@a.example}
"""


@pytest.mark.parametrize(
    "more",
    [
        "delivery: {retry: {gaps: [1s, 5m], for: 20s}, timeout: {dot: 1.5h}, return_path: plain}\n",
        "delivery: {relays: [{url: 'smtp://a.example', name: a, connections: 3, rate: 50/s}]}\n",
        "delivery: {relays: [{url: 'smtp://a.example', rate: [50/s, 20000/h], weight: 2}]}\n",
        "delivery: {relays: [{url: 'smtp://a.example', rate: '50/s, 2.5/h', messages_per_connection: 100}]}\n",
        "delivery: {domains: {gmail.com: {connections: 3, rate: [1/s, 9/d]}, Müller.example: {rate: 9/m}}}\n",
        "delivery: {domains: {'*': {connections: 1}}, refusals: {share: 5%, after: 50}}\n",
        "delivery: {refusals: {share: 0.05}}\n",
        "delivery: {refusals: {share: .05}}\n",
        "delivery: {refusals: {share: '0.05'}}\n",
        "theme: {colors: {primary: '#0bc', text: '#17252A'}}\n",
    ],
)
def test_settings_that_ruhrmail_reads_pass(more: str) -> None:
    assert accepts("config", NEWSLETTER + more)
    assert [] == complaints("config", NEWSLETTER + more)


@pytest.mark.parametrize(
    "more",
    [
        "delivery: {retry: {gaps: [5]}}\n",
        "delivery: {relays: [{url: 'smtp://a.example', rate: 50}]}\n",
        "delivery: {relays: [{url: 'smtp://a.example', rate: [50]}]}\n",
        "delivery: {relays: [{url: 'smtp://a.example', rate: []}]}\n",
        "delivery: {relays: [{url: 'smtp://a.example', weight: 0}]}\n",
        "delivery: {relays: [{url: 'smtp://a.example', messages_per_connection: 100001}]}\n",
        "delivery: {domains: {gmail.com: {}}}\n",
        "delivery: {domains: {gmail.com: {conections: 4}}}\n",
        "delivery: {refusals: {share: 5}}\n",
        "delivery: {refusals: {share: 5 percent}}\n",
        "delivery: {refusals: {after: 5}}\n",
        "theme: {colors: {primary: blau}}\n",
        "theme: {colour: {}}\n",
        "farben: {}\n",
    ],
)
def test_settings_that_ruhrmail_refuses_are_refused(more: str) -> None:
    assert not accepts("config", NEWSLETTER + more)
    assert complaints("config", NEWSLETTER + more)


days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@given(days, st.integers(0, 23 * 60), st.sampled_from(["{:%Y-%m-%d}", "{:%d.%m.%Y}"]), st.sampled_from(["T", " "]))
def test_every_notation_of_a_time_passes(day: date, minutes: int, form: str, separator: str) -> None:
    time = f"{minutes // 60:02}:{minutes % 60:02}"
    gap = separator if "Y-" in form else " "
    event = {"title": "a", "start": form.format(day) + gap + time, "end": form.format(day + timedelta(1)) + gap + time}
    assert [] == complaints("issue", with_event(event))
    assert accepts("issue", with_event(event))


@given(st.text("0123456789.-T: Uhr", max_size=20))
def test_a_date_that_ruhrmail_reads_is_never_refused(text: str) -> None:
    issue = with_event({"title": "a", "start": text})
    if accepts("issue", issue):
        assert [] == complaints("issue", issue)


def with_event(event: dict[str, Any]) -> str:
    return f"{HEAD}  - {{type: events, events: [{json.dumps(event)}]}}\n"


@given(st.lists(st.text("0159./smhd, x", max_size=9), max_size=3), st.booleans())
def test_a_rate_that_ruhrmail_reads_is_never_refused(texts: list[str], alone: bool) -> None:
    rate = texts[0] if texts and alone else texts
    settings = NEWSLETTER + f"delivery: {{relays: [{{url: 'smtp://a.example', rate: {json.dumps(rate)}}}]}}\n"
    if accepts("config", settings):
        assert [] == complaints("config", settings)


@given(st.text("0159.% ", max_size=8), st.booleans())
def test_a_share_that_ruhrmail_reads_is_never_refused(text: str, quoted: bool) -> None:
    settings = NEWSLETTER + f"delivery: {{refusals: {{share: {json.dumps(text) if quoted else text or 0}}}}}\n"
    if accepts("config", settings):
        assert [] == complaints("config", settings)
