"""Merge fields: found again in every place, and of the right kind."""

from hypothesis import given
from hypothesis import strategies as st

from ruhrmail.model.merge import MergeField
from ruhrmail.render.fields import make_marks, place_in_html, place_in_line, place_in_text

CONTENT = """\
  - type: editorial
    salutation: "{{ greeting }},"
    text: |
      Hallo *{{ first_name or "du & <ich>" }}*, [Konto](https://a.example/?m={{ email }}) "{{ company or 'x' }}".
    closing: Gruß an {{ first_name or "dich" }}
  - {type: button, url: "https://a.example/{{ email or 'all' }}", label: Los}
"""
HEAD = 'date: 2026-11-06\nsubject: Für {{ first_name or "Sie" }}\npreheader: Hallo {{ greeting }}\n'


def gaps(text):
    return [(part.name, part.default, part.place) for part in text if isinstance(part, MergeField)]


def test_fields_in_html_know_whether_they_stand_in_an_address(render):
    edition = render(CONTENT, HEAD)
    assert [one for one in gaps(edition.html) if one[2] == "url"] == [
        ("email", "", "url"),
        ("email", "all", "url"),
        (":unsubscribe_token", "", "url"),
    ]
    assert {one for one in gaps(edition.html) if one[2] == "html"} == {
        ("first_name", "Sie", "html"),
        ("greeting", "", "html"),
        ("first_name", "du & <ich>", "html"),
        ("company", "x", "html"),
        ("first_name", "dich", "html"),
    }


def test_fields_in_text_know_whether_they_stand_in_an_address(render):
    found = gaps(render(CONTENT, HEAD).text)
    assert [one for one in found if one[2] == "url"] == [
        ("email", "", "url"),
        ("email", "all", "url"),
        (":unsubscribe_token", "", "url"),
    ]
    assert {one[2] for one in found} == {"url", "text"}


def test_subject_and_preheader_are_plain(render):
    edition = render(CONTENT, HEAD)
    assert edition.subject == ("Für ", MergeField("first_name", "Sie", "text"))
    assert edition.preheader == ("Hallo ", MergeField("greeting", "", "text"))


def test_the_page_shows_defaults_the_neutral_greeting_and_no_token(render):
    web = render(CONTENT, HEAD).web
    assert "Guten Tag," in web and "du &amp; &lt;ich&gt;" in web and "https://a.example/all" in web
    assert "unsubscribe" not in web and "/u/" not in web and "{{" not in web


def test_quotes_around_a_field_are_set(render):
    parts = render(CONTENT, HEAD).html
    place = parts.index(MergeField("company", "x", "html"))
    assert (parts[place - 1][-1], parts[place + 1][0]) == ("„", "“")


def test_no_mark_is_left_over(render):
    edition = render(CONTENT, HEAD)
    stem = make_marks([]).stem[:1]
    whole = [part for text in (edition.html, edition.text, edition.subject) for part in text if isinstance(part, str)]
    assert stem == "q" and not any("{{" in part or "}}" in part for part in whole)


@given(st.text(), st.text())
def test_a_mark_occurs_in_no_text(before, after):
    marks = make_marks([before, after])
    assert marks.stem not in (before + after).lower()


@given(st.text(st.sampled_from("ab<>=\"' {}q0")), st.text(st.sampled_from("ab<>=\"' {}q0")))
def test_what_is_put_in_is_cut_out(before, after):
    source = f"{before}{{{{ name or 'x' }}}}{after}"
    marks = make_marks([source])
    assert marks.cut(marks.put(source), place_in_line) == tuple(
        part for part in (before, MergeField("name", "x", "text"), after) if part
    )


def test_places_in_html():
    assert place_in_html('<a href="x?HERE', 11) == "url"
    assert place_in_html('<a title="HERE', 10) == "html"
    assert place_in_html('<a href="x">HERE', 12) == "html"


def test_places_in_text():
    assert place_in_text("see (https://a.example/HERE", 23) == "url"
    assert place_in_text("see https://a.example HERE", 22) == "text"
