"""A whole edition: colours, overrides, broken templates, and texts that try to get out."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from ruhrmail.errors import InvalidInput
from ruhrmail.i18n import translator
from ruhrmail.model.merge import fill
from ruhrmail.render.palette import contrast

TEXT = "  - {type: text, text: Hallo}\n"


def add_to_config(project, text):
    path = project / "ruhrmail.yaml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_the_project_can_replace_one_block(project, render):
    path = project / "templates" / "blocks" / "text.mjml.j2"
    path.parent.mkdir(parents=True)
    path.write_text(
        "<mj-section><mj-column><mj-text>[{{ block.text.html }}]</mj-text></mj-column></mj-section>", "utf-8"
    )
    edition = render(TEXT)
    assert "[<p>Hallo</p>]" in fill(edition.html, str) and "[<p>" not in edition.web


def test_a_template_that_makes_broken_mjml_is_a_finding(project, render):
    path = project / "templates" / "mail.mjml.j2"
    path.parent.mkdir()
    path.write_text("<mjml><mj-body><mj-section>\n", "utf-8")
    with pytest.raises(InvalidInput) as caught:
        render(TEXT)
    assert [(one.rule, str(one.at)) for one in caught.value.findings] == [
        ("template/syntax", "templates/mail.mjml.j2:1:1")
    ]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"text": "<mj-section>\n  <mj-column>\n</mj-section>"}, "templates/blocks/text.mjml.j2:3:1"),
        (
            {"text": "{# <mj-section> #}\n<mj-section>", "footer": "<mj-raw></mj-raw>"},
            "templates/blocks/text.mjml.j2:2:1",
        ),
        ({"text": "<mj-section>", "footer": "\n<mj-raw>"}, "templates/blocks/footer.mjml.j2:2:1"),
    ],
)
def test_broken_mjml_is_found_in_the_template_that_makes_it(texts, expected, project, render):
    (project / "templates" / "blocks").mkdir(parents=True)
    for name, text in texts.items():
        (project / "templates" / "blocks" / f"{name}.mjml.j2").write_text(text, "utf-8")
    with pytest.raises(InvalidInput) as caught:
        render(TEXT)
    assert [expected] == [str(one.at) for one in caught.value.findings]


def test_colours_that_are_hard_to_read_are_refused_with_the_nearest_that_works(project, render):
    add_to_config(project, 'theme:\n  colors:\n    primary: "#66cccc"\n    muted: "#777777"\n')
    with pytest.raises(InvalidInput) as caught:
        render(TEXT)
    found = [(one.rule, str(one.at)) for one in caught.value.findings]
    assert found == [("a11y/contrast-theme", "ruhrmail.yaml:18:14"), ("a11y/contrast-theme", "ruhrmail.yaml:19:12")]
    better = [str(one.hint.values["color"]) for one in caught.value.findings if one.hint]
    assert all(contrast(color, "#f2f5f4") >= 4.5 for color in better)


def test_a_contrast_is_told_with_the_decimal_sign_of_the_language(project, render):
    add_to_config(project, 'theme: {colors: {text: "#dddddd"}}\n')
    with pytest.raises(InvalidInput) as caught:
        render(TEXT)
    message = caught.value.findings[0].message
    assert ("1,23", "1.23") == tuple(translator(one)(message).split()[-3].strip(",") for one in ("de", "en"))


def test_a_dark_background_is_refused_where_it_is_set(project, render):
    add_to_config(project, 'theme:\n  colors: {background: "#444444"}\n')
    with pytest.raises(InvalidInput) as caught:
        render(TEXT)
    assert {str(one.at) for one in caught.value.findings} == {"ruhrmail.yaml:17:24"}


def test_bad_pictures_links_and_colours_are_told_at_once(project, render):
    add_to_config(project, 'theme: {colors: {text: "#eeeeee"}}\n')
    (project / "issues" / "one" / "bad.png").write_bytes(b"bad")
    content = "  - {type: text, text: '[x](foo)'}\n  - {type: image, src: bad.png, alt: x}\n"
    with pytest.raises(InvalidInput) as caught:
        render(content)
    assert {one.rule for one in caught.value.findings} == {"a11y/contrast-theme", "link/relative", "img/unreadable"}


def test_a_picture_in_a_text_of_the_mail_is_called_a_picture(render):
    with pytest.raises(InvalidInput) as caught:
        render("  - type: text\n    text: |\n      Ein [Steg](weg) und\n      ![Ein Steg](steg.jpg) hier.\n")
    assert [("weg", 8), ("steg.jpg", 9)] == [
        (next(iter(one.message.values.values())), one.at.line) for one in caught.value.findings
    ]
    assert "the picture {src} cannot stand in a text of the mail" == caught.value.findings[1].message.template


NASTY = st.text(
    st.one_of(
        st.characters(categories=("L", "N", "P", "S", "Zs")),
        st.sampled_from(["<", ">", "&", '"', "'", "{", "%", "#", "\\", "/", "-"]),
    ),
    min_size=1,
    max_size=60,
).filter(lambda text: text.strip() and not any(pair in text for pair in ("{{", "}}", "{%", "%}")))
WORDS = st.one_of(
    NASTY, st.sampled_from(["</script><script>", "<mj-raw>", "]]>", "<!--", "-->", "&lt;b&gt;", "<![endif]-->"])
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=WORDS, kicker=WORDS, alt=WORDS, place=WORDS, subject=WORDS)
def test_no_plain_text_becomes_markup(render, title, kicker, alt, place, subject):
    article = {"type": "article", "title": title, "kicker": kicker, "image": {"src": "small.png", "alt": alt}}
    events = {"type": "events", "events": [{"title": title, "start": "2026-11-20", "place": place}]}
    content = "".join(f"  - {json.dumps(block, ensure_ascii=False)}\n" for block in (article, events))
    head = f"date: 2026-11-06\nsubject: {json.dumps(subject, ensure_ascii=False)}\n"
    edition = render(content, head)
    plain = render(content_like(), "date: 2026-11-06\nsubject: S\n")
    for one, other in ((fill(edition.html, str), fill(plain.html, str)), (edition.web, plain.web)):
        assert shape(one) == shape(other)
    tree = lxml_html.fromstring(fill(edition.html, str))
    assert letters(tree.find(".//h1").text_content()) == letters(subject)
    assert letters(tree.findtext(".//title")) == letters(subject)


def content_like() -> str:
    article = '{"type": "article", "title": "T", "kicker": "K", "image": {"src": "small.png", "alt": "A"}}'
    return (
        f'  - {article}\n  - {{"type": "events", "events": [{{"title": "T", "start": "2026-11-20", "place": "P"}}]}}\n'
    )


def shape(source: str) -> list[tuple[str, tuple[str, ...]]]:
    """Every element with the names of its attributes; comments by their number."""
    tree = lxml_html.document_fromstring(source)
    return [(one.tag if isinstance(one.tag, str) else "comment", tuple(one.attrib)) for one in tree.iter()]


def letters(text: str | None) -> list[str]:
    """What typography never changes."""
    return [sign for sign in (text or "") if sign.isalnum() or sign in "<>&%#/"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(source=st.text(st.one_of(st.characters(categories=("L", "P", "S")), st.sampled_from("*_[]()<>!`#-\\& \n1."))))
def test_no_running_text_breaks_the_rendering(render, source):
    if not source.strip() or any(pair in source for pair in ("{{", "}}", "{%", "%}")):
        return
    block = json.dumps({"type": "text", "text": source}, ensure_ascii=False)
    try:
        edition = render(f"  - {block}\n")
    except InvalidInput as error:
        assert {one.rule for one in error.findings} <= {"link/scheme", "link/relative"}
        return
    mail = lxml_html.document_fromstring(fill(edition.html, str))
    assert {one.tag for one in mail.find("body").iter() if isinstance(one.tag, str)} <= KNOWN


LAYOUT = {"body", "div", "table", "tbody", "tr", "td", "h1", "span"}
KNOWN = LAYOUT | {"p", "a", "br", "strong", "em", "ul", "ol", "li"}
