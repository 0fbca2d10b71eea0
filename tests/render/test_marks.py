"""Source marks lead from an element back to file and template, and nothing that is built or sent has any."""

import re
from dataclasses import replace

import pytest

from ruhrmail.config import load_config
from ruhrmail.parse import load_issue
from ruhrmail.render import Source, render_editions
from ruhrmail.source.marks import ATTRIBUTE, mark_template, read_mark
from tests.stories.project import sample_project


@pytest.fixture(scope="module")
def editions(tmp_path_factory):
    """The sample issue without marks and with them."""
    folder = tmp_path_factory.mktemp("sample")
    config = load_config(sample_project(folder).folder, {})
    file = load_issue(folder, "2026-11", None)
    source = Source("2026-11", file.folder, config, file.document.at_value, file.document.at_word, folder / "shelf")
    return render_editions(file.issue, source), render_editions(file.issue, replace(source, marked=True))


def literal(text):
    return "".join(part for part in text if isinstance(part, str))


def test_what_is_sent_is_the_same_with_and_without_marks(editions):
    plain, marked = editions
    assert plain == tuple(replace(edition, marked=None) for edition in marked)
    assert not any(ATTRIBUTE in literal(edition.html) + edition.web for edition in plain)


def test_without_its_marks_the_marked_copy_is_the_mail(editions):
    def bare(html):
        return re.sub(rf' {ATTRIBUTE}="[^"]*"', "", html).replace("<ins></ins>", "")

    _, marked = editions
    assert all(literal(one.html) == bare(literal(one.marked.html)) for one in marked)
    assert all(one.web == bare(one.marked.web) for one in marked)


def test_a_mark_names_template_line_and_block():
    marked = mark_template('<mj-text>\n<p>{{ a < b }}<h{{ level }} class="x"></p>', "blocks/x.mjml.j2")
    assert 3 == marked.count(ATTRIBUTE)
    assert ("blocks/x.mjml.j2", 2, ("content", 3)) == read_mark("blocks/x.mjml.j2:2:content.3")
    assert ("mail.mjml.j2", 7, ()) == read_mark("mail.mjml.j2:7:")


def test_a_value_in_an_attribute_ends_where_it_ends():
    text = '<mj-text color="{{ ink }}"></mj-text>\n<mj-section color="{{ ground }}"></mj-section>'
    assert text == mark_template(text, "mail.mjml.j2")


def test_text_templates_have_no_marks():
    assert "<p>" == mark_template("<p>", "mail.txt.j2")
