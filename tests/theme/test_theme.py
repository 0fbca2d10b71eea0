"""Templates: the project's first, and mistakes at their line."""

import os

import pytest

from ruhrmail.errors import InvalidInput
from ruhrmail.theme import open_theme


def write(project, name, text):
    path = project / "templates" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def render_broken(project, name, text, **values):
    write(project, name, text)
    with pytest.raises(InvalidInput) as caught:
        open_theme(project, "ruhr").render(name, values)
    return [(one.rule, str(one.at), one.at.excerpt) for one in caught.value.findings]


def test_the_projects_template_comes_first_and_the_packaged_one_after(tmp_path):
    write(tmp_path, "blocks/divider.txt.j2", "~~~\n")
    theme = open_theme(tmp_path, "ruhr")
    assert theme.render("blocks/divider.txt.j2", {}) == "~~~\n"
    assert theme.find("blocks/divider.html.j2").parts[-4:] == ("themes", "ruhr", "blocks", "divider.html.j2")


def test_a_template_that_the_project_adds_later_is_read_from_then_on(tmp_path):
    theme = open_theme(tmp_path, "ruhr")
    packaged = theme.render("blocks/divider.txt.j2", {})
    (tmp_path / "templates" / "blocks").mkdir(parents=True)
    added = tmp_path / "templates" / "blocks" / "divider.txt.j2"
    added.write_text("eigene Linie", encoding="utf-8")
    assert "eigene Linie" == theme.render("blocks/divider.txt.j2", {})
    added.unlink()
    assert packaged == theme.render("blocks/divider.txt.j2", {})


def test_a_changed_template_is_read_again(tmp_path):
    write(tmp_path, "a.txt.j2", "one")
    first = open_theme(tmp_path, "ruhr").render("a.txt.j2", {})
    write(tmp_path, "a.txt.j2", "number two")
    assert (first, open_theme(tmp_path, "ruhr").render("a.txt.j2", {})) == ("one", "number two")


def test_markup_escapes_and_text_does_not(tmp_path):
    write(tmp_path, "a.mjml.j2", "{{ x }}")
    write(tmp_path, "a.html.j2", "{{ x }}")
    write(tmp_path, "a.txt.j2", "{{ x }}")
    theme = open_theme(tmp_path, "ruhr")
    found = [theme.render(f"a.{kind}.j2", {"x": '<a & "b">'}) for kind in ("mjml", "html", "txt")]
    assert found == ["&lt;a &amp; &#34;b&#34;&gt;"] * 2 + ['<a & "b">']


def test_a_syntax_error_names_its_line(tmp_path):
    found = render_broken(tmp_path, "a.html.j2", "one\n{% if x %}\nthree\n{% endfor %}\n")
    assert found == [("template/syntax", "templates/a.html.j2:4:1", "{% endfor %}")]


def test_a_value_that_is_not_there_names_its_line(tmp_path):
    found = render_broken(tmp_path, "a.html.j2", "one\n\n<b>{{ nothing.here }}</b>\n")
    assert found == [("template/undefined", "templates/a.html.j2:3:1", "<b>{{ nothing.here }}</b>")]


def test_a_mistake_in_an_included_template_names_that_one(tmp_path):
    write(tmp_path, "blocks/inner.html.j2", "\n{{ missing }}")
    found = render_broken(tmp_path, "a.html.j2", '{% include "blocks/inner.html.j2" %}')
    assert found == [("template/undefined", "templates/blocks/inner.html.j2:2:1", "{{ missing }}")]


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in range(9000) %}{% for b in range(9000) %}{% endfor %}{% endfor %}",
        "{{ range(500001) | list }}",
        "{{ 'x' * 400000000 }}",
        "{{ 400000000 * [1] }}",
        "{{ 99999 ** 99999 }}",
    ],
)
def test_a_template_that_would_never_end_is_a_mistake_at_its_line(text, tmp_path):
    assert render_broken(tmp_path, "a.html.j2", f"\n{text}") == [("template/syntax", "templates/a.html.j2:2:1", text)]


def test_small_counts_and_products_are_allowed(tmp_path):
    write(tmp_path, "a.txt.j2", "{% for n in range(3) %}{{ n * 2 }}{{ '-' * n }}{% endfor %}{{ 2 ** 10 }}")
    assert "02-4--1024" == open_theme(tmp_path, "ruhr").render("a.txt.j2", {})


def test_a_template_that_does_not_exist_is_named_where_it_is_wanted(tmp_path):
    found = render_broken(tmp_path, "a.html.j2", '\n{% include "blocks/none.html.j2" %}')
    assert found == [("template/syntax", "templates/a.html.j2:2:1", '{% include "blocks/none.html.j2" %}')]


@pytest.mark.parametrize(
    "text",
    ["{{ 1 / 0 }}", "{{ 'a' + 1 }}", "{{ [1][5].x }}", "{{ x|nofilter }}", "{{ range(10**9) }}", "{{ cycler() }}"],
)
def test_other_mistakes_of_a_template_are_findings_too(tmp_path, text):
    assert [place for _, place, _ in render_broken(tmp_path, "a.html.j2", text)] == ["templates/a.html.j2:1:1"]


@pytest.mark.parametrize("text", ["{{ ''.__class__.__mro__ }}", "{{ x.clear() }}", "{{ ''|attr('__class__') }}"])
def test_a_template_cannot_reach_beyond_its_values(tmp_path, text):
    assert len(render_broken(tmp_path, "a.html.j2", text, x=[1])) == 1


def test_a_template_that_includes_itself_is_a_finding(tmp_path):
    assert len(render_broken(tmp_path, "a.html.j2", '{% include "a.html.j2" %}')) == 1


def test_a_template_in_another_encoding_is_a_finding(tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html.j2").write_bytes("Grüße".encode("latin-1"))
    with pytest.raises(InvalidInput) as caught:
        open_theme(tmp_path, "ruhr").render("a.html.j2", {})
    assert [str(one.at) for one in caught.value.findings] == ["templates/a.html.j2:1:1"]


def test_an_included_template_that_is_not_utf8_is_told_at_its_own_line(tmp_path):
    folder = tmp_path / "templates" / "blocks"
    folder.mkdir(parents=True)
    (folder / "heading.txt.j2").write_bytes(b"gut\n\xfcbel\n")
    (tmp_path / "templates" / "mail.txt.j2").write_text("{% include 'blocks/heading.txt.j2' %}", encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        open_theme(tmp_path, "ruhr").render("mail.txt.j2", {})
    at = caught.value.findings[0].at
    assert ("templates/blocks/heading.txt.j2", 2) == (at.file, at.line)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_template_that_may_not_be_read_is_told(tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "mail.txt.j2").touch(mode=0)
    with pytest.raises(InvalidInput) as caught:
        open_theme(tmp_path, "ruhr").render("mail.txt.j2", {})
    assert "templates/mail.txt.j2" == caught.value.findings[0].at.file


def test_what_is_compiled_once_serves_other_projects_but_never_in_place_of_their_own(tmp_path):
    for name in ("one", "two", "three"):
        (tmp_path / name / "templates").mkdir(parents=True)
    for name in ("one", "two"):
        (tmp_path / name / "templates" / "a.html.j2").write_text(f"<p>{name}", encoding="utf-8")
    themes = [open_theme(tmp_path / name, "ruhr") for name in ("one", "two", "three")]
    assert ["<p>one", "<p>two"] == [theme.render("a.html.j2", {}) for theme in themes[:2]]
    first, _, third = (theme.markup.get_template("mail.mjml.j2") for theme in themes)
    assert first.root_render_func.__code__ is third.root_render_func.__code__
