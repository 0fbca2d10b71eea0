"""In a real browser: nothing is wider than the window, in any of the ways mail is shown."""

import json
import re
from pathlib import Path

import pytest

from ruhrmail.model.merge import fill
from ruhrmail.render.palette import contrast
from tests.render.chromium import open_browser

FULL = (Path(__file__).parent / "full.yaml").read_text(encoding="utf-8")
SCRIPT = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"

INKS = """() => [...document.querySelectorAll("body *")].filter(one => one.checkVisibility() && (one.alt ||
  [...one.childNodes].some(node => node.nodeType == 3 && node.data.trim()))).map(one => {
  let below = one;
  while (below && getComputedStyle(below).backgroundColor == "rgba(0, 0, 0, 0)") below = below.parentElement;
  const ground = below ? getComputedStyle(below).backgroundColor : "rgb(255, 255, 255)";
  return [one.alt || one.textContent.trim().slice(0, 40), getComputedStyle(one).color, ground]; })"""


@pytest.fixture(scope="module")
def browser():
    with open_browser() as found:
        yield found


def test_no_form_of_the_edition_overflows(browser, theme, render, tmp_path):
    edition = render(FULL)
    (tmp_path / "assets").mkdir()
    for asset in edition.assets:
        (tmp_path / "assets" / asset.name).write_bytes(asset.content)
    mail = fill(edition.html, lambda field: "Wert").replace("https://letter.example/archive/one/assets/", "assets/")
    forms = {
        "web": edition.web,
        "mail": mail,
        "no-style": re.sub(r"<style.*?</style>", "", mail, flags=re.DOTALL),
        "no-pictures": mail.replace('src="assets/', 'src="missing/'),
    }
    wider = []
    page = browser.new_page()
    for name, source in forms.items():
        (tmp_path / f"{name}.html").write_text(source, encoding="utf-8")
        for width in (320, 375, 640):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto((tmp_path / f"{name}.html").as_uri())
            wide, room = page.evaluate(SCRIPT)
            if wide > room:
                wider.append((name, width, wide))
    page.close()
    assert wider == []


@pytest.mark.parametrize(("width", "columns"), [(640, 2), (375, 1)])
def test_two_cards_stand_side_by_side_where_there_is_room(browser, theme, render, tmp_path, width, columns):
    (tmp_path / "mail.html").write_text(fill(render(FULL).html, lambda field: "x"), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto((tmp_path / "mail.html").as_uri())
    places = page.eval_on_selector_all(
        ".tile:has(h2)", "all => all.map(one => Math.round(one.getBoundingClientRect().x))"
    )
    page.close()
    assert len(set(places)) == columns


def test_long_words_and_addresses_do_not_widen_a_small_screen(browser, theme, render, tmp_path):
    word = "Donaudampfschifffahrtsgesellschaft" * 3
    text = f"{word} <https://a.example/{word}>"
    same = {"title": word, "kicker": word, "text": text}
    blocks = [
        {"type": "editorial", "salutation": word, "text": text, "author": word},
        {"type": "article", **same, "link": {"url": "https://a.example", "label": word}},
        {"type": "article", "layout": "card", **same},
        {"type": "article", "layout": "card", **same},
        {
            "type": "events",
            "title": word,
            "events": [{"title": word, "start": "2026-11-20", "place": word, "text": text}],
        },
        {"type": "button", "url": "https://a.example", "label": word},
        {"type": "contents", "title": word},
        {"type": "quote", "text": word, "author": word, "role": word, "portrait": {"src": "wide.jpg", "alt": word}},
        {"type": "gallery", "title": word, "images": [{"src": "wide.jpg", "alt": word, "caption": word}] * 3},
        {"type": "figures", "title": word, "figures": [{"value": word[:40], "label": word, "note": word}] * 3},
        {
            "type": "related",
            "title": word,
            "cards": [{"title": word, "text": text, "link": {"url": "https://a.example"}}],
        },
        {"type": "logos", "title": word, "logos": [{"src": "wide.jpg", "alt": word, "caption": word}]},
    ]
    content = "".join(f"  - {json.dumps(block)}\n" for block in blocks)
    edition = render(content, f"date: 2026-11-06\nsubject: {word}\n")
    mail = fill(edition.html, lambda field: "x")
    forms = {"web": edition.web, "mail": mail, "no-style": re.sub(r"<style.*?</style>", "", mail, flags=re.DOTALL)}
    page = browser.new_page(viewport={"width": 320, "height": 800})
    wider = {}
    for name, source in forms.items():
        (tmp_path / f"{name}.html").write_text(source, encoding="utf-8")
        page.goto((tmp_path / f"{name}.html").as_uri())
        wide, room = page.evaluate(SCRIPT)
        wider[name] = wide - room
    page.close()
    assert wider == {"web": 0, "mail": 0, "no-style": 0}


def hexadecimal(color):
    """`rgb(1, 2, 3)` as `#010203`."""
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", color)[:3])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("form", ["mail", "no-style", "web"])
def test_every_text_and_every_text_for_a_blocked_picture_is_legible(browser, theme, render, tmp_path, form, scheme):
    edition = render(FULL)
    mail = fill(edition.html, lambda field: "x")
    forms = {"web": edition.web, "mail": mail, "no-style": re.sub(r"<style.*?</style>", "", mail, flags=re.DOTALL)}
    (tmp_path / "page.html").write_text(forms[form], encoding="utf-8")
    page = browser.new_page(viewport={"width": 375, "height": 800}, color_scheme=scheme)
    page.goto((tmp_path / "page.html").as_uri())
    found = page.evaluate(INKS)
    page.close()
    assert len(found) > 20
    assert [] == [one for one in found if contrast(hexadecimal(one[1]), hexadecimal(one[2])) < 4.5]


@pytest.mark.parametrize("width", [320, 375, 1000])
def test_pages_of_articles_fit_every_width(browser, render, tmp_path, width):
    word = "Donaudampfschifffahrtsgesellschaft" * 3
    text = f'## {word}\n\n> {word}\n\n- {word}\n\n![{word}](wide.jpg "{word} | {word}")\n\n<https://a.example/{word}>'
    blocks = [
        {"type": "contents"},
        {"type": "text", "text": text},
        {"type": "image", "src": "wide.jpg", "alt": word, "caption": word},
        {"type": "gallery", "images": [{"src": "wide.jpg", "alt": word}] * 3},
        {"type": "quote", "text": word, "author": word},
        {"type": "figures", "figures": [{"value": "12", "label": word}] * 2},
        {"type": "related", "cards": [{"title": word, "link": {"url": "https://a.example"}}] * 2},
        {"type": "events", "events": [{"title": word, "start": "2026-11-20", "place": word}]},
        {"type": "button", "url": "https://a.example", "label": word},
    ]
    bodies = [
        {"type": "article", "title": word, "id": name, "kicker": word, "text": word, "body": body}
        for name, body in (
            ("eins", f"{text}\n\n" + "\n\n".join(f"## {number}" for number in range(4))),
            ("zwei", blocks),
        )
    ]
    edition = render("".join(f"  - {json.dumps(body)}\n" for body in bodies))
    page = browser.new_page(viewport={"width": width, "height": 800})
    wider = {}
    for file in (file for file in edition.files if file.name.endswith(".html")):
        (tmp_path / file.name).write_bytes(file.content)
        page.goto((tmp_path / file.name).as_uri())
        wide, room = page.evaluate(SCRIPT)
        wider[file.name] = wide - room
    page.close()
    assert {"eins.html": 0, "zwei.html": 0} == wider
