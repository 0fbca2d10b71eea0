"""What becomes of a mail's HTML on its way through clients."""

import pytest

from ruhrmail.simulate import GMAIL_LIMIT, View, cut_line, find_clip, mark_clip, simulate
from ruhrmail.simulate.outlook import holds

HEAD = "<!doctype html><html><head><title>Licht</title>{styles}</head><body>{body}</body></html>"
SCHEME = "<style>p{color:#111111}@media (prefers-color-scheme:dark){p{color:#eeeeee}}</style>"


def page(body, styles=""):
    return HEAD.format(styles=styles, body=body)


def test_light_and_dark_do_not_depend_on_the_browsers_own_reader():
    html = page("<p>Licht</p>", SCHEME)
    light, dark = simulate(html, View("light")), simulate(html, View("dark"))
    assert "@media (max-width:0){p{color:#eeeeee}}" in light
    assert "@media (min-width:0){p{color:#eeeeee}}" in dark
    assert "color-scheme:only light" in light
    assert "color-scheme:only dark" in dark


def test_dark_pictures_are_chosen_too():
    html = page('<picture><source media="(prefers-color-scheme: dark)" srcset="d.png"><img src="l.png"></picture>')
    assert 'media="(min-width:0)"' in simulate(html, View("dark"))
    assert 'media="(max-width:0)"' in simulate(html, View("light"))


def test_words_about_colour_schemes_stay_words():
    html = page("<p>(prefers-color-scheme: dark)</p>")
    assert "<p>(prefers-color-scheme: dark)</p>" in simulate(html, View("dark"))


def test_forced_dark_turns_light_surfaces_and_dark_writing():
    html = page('<table bgcolor="#ffffff"><tr><td style="background:#fff;color:#000000">Licht</td></tr></table>')
    dark = simulate(html, View("forced-dark"))
    assert 'bgcolor="#ffffff"' not in dark
    assert "#fff;" not in dark
    assert "color:#000000" not in dark
    assert "color-scheme:only light" in dark


def test_forced_dark_leaves_dark_surfaces_with_light_writing():
    html = page('<p style="background-color:#08404a;color:#ffffff">Licht</p>')
    assert '<p style="background-color:#08404a;color:#ffffff">' in simulate(html, View("forced-dark"))


def test_forced_dark_keeps_the_hue():
    dark = simulate(page('<p style="color:#0b5563">Licht</p>'), View("forced-dark"))
    color = dark.partition('<p style="color:#')[2][:6]
    red, green, blue = (int(color[place : place + 2], 16) for place in (0, 2, 4))
    assert red < green < blue
    assert blue > 200


def test_the_mails_own_dark_colours_do_not_count_where_dark_is_forced():
    assert "@media (max-width:0){p{color:" in simulate(page("<p>Licht</p>", SCHEME), View("forced-dark"))


def test_styles_off_leaves_only_what_stands_inline():
    html = page('<p class="big" style="color:#111111">Licht</p>', "<style>.big{font-size:9px}</style>")
    shown = simulate(html, View(styles=False))
    assert ".big{" not in shown
    assert 'style="color:#111111"' in shown


def test_pictures_off_leaves_alternative_texts_and_sizes():
    html = page('<img src="https://a.example/b.jpg" srcset="c.jpg 2x" alt="Halde" width="9"><td background="d.png">')
    shown = simulate(html, View(images=False))
    assert "a.example" not in shown
    assert "c.jpg" not in shown
    assert "d.png" not in shown
    assert 'src="data:,"' in shown
    assert 'alt="Halde" width="9"' in shown


def test_pictures_in_styles_are_off_too():
    html = page('<p style="background:#eee url(x.png)">Licht</p>', "<style>p{background:url(y.png)}</style>")
    shown = simulate(html, View(images=False))
    assert "x.png" not in shown
    assert "y.png" not in shown
    assert "#eee" in shown


@pytest.mark.parametrize(
    ("condition", "shown"),
    [
        ("mso", True),
        ("mso | IE", True),
        ("!mso", False),
        ("gte mso 9", True),
        ("lte mso 11", False),
        ("mso 16", True),
        ("(gte mso 9)|(IE)", True),
        ("IE", False),
        ("(mso)&(gt mso 12)", True),
        ("unlesbar", False),
    ],
)
def test_conditions_are_answered_as_outlook_does(condition, shown):
    assert shown == holds(condition)


def test_outlook_shows_what_is_for_it_and_not_what_is_kept_from_it():
    html = page("<!--[if mso | IE]><table><tr><td><![endif]-->Licht<!--[if !mso]><!--><b>andere</b><!--<![endif]-->")
    shown = simulate(html, View(outlook=True))
    assert "<table><tr><td>Licht" in shown
    assert "andere" not in shown


def test_outlook_ignores_what_word_does_not_know():
    style = "max-width:600px;border-radius:9px;padding:4px;background:#eee url(x.png)"
    body = f'<div style="{style}">Licht</div><td style="padding:3px">'
    html = page(body, "<style>@media (min-width:480px){p{color:red}} p{color:#222}</style>")
    shown = simulate(html, View(outlook=True))
    for gone in ("max-width:600", "border-radius", "padding:4px", "x.png", "480px"):
        assert gone not in shown
    assert "padding:3px" in shown
    assert "p{color:#222}" in shown


def test_outlook_pads_a_cell_as_the_cell_says_for_word():
    cell = '<td style="mso-padding-alt:12px 26px"><a style="padding:12px 26px">Mehr</a></td>'
    assert '<td style="padding:12px 26px"><a style="">' in simulate(page(cell), View(outlook=True))


def test_office_settings_are_not_shown_as_text():
    settings = "<noscript><xml><o:PixelsPerInch>96</o:PixelsPerInch></xml></noscript>"
    html = page("Licht", f"<!--[if mso]>{settings}<![endif]-->")
    assert "96" not in simulate(html, View(outlook=True))


def test_what_says_so_is_hidden_in_outlook():
    shown = simulate(page('<span style="display:inline-block;mso-hide:all">Titel</span>'), View(outlook=True))
    assert 'style="display:none!important;' in shown


def test_a_small_mail_is_not_clipped():
    html = page("Licht")
    assert find_clip(html) is None
    assert html == mark_clip(html, "hier")


def test_the_place_where_gmail_cuts_is_told_and_marked_between_blocks():
    body = "".join(f"<table><tr><td><p>Absatz Nummer {number}</p></td></tr></table>" for number in range(4000))
    html = page(f"<div>{body}</div>")
    clip = find_clip(html)
    assert GMAIL_LIMIT - 100 < clip.offset <= GMAIL_LIMIT
    assert clip.after.startswith("Absatz Nummer ")
    marked = mark_clip(html, "Gmail <hier>")
    assert 1 == marked.count('id="gmail-clip"')
    assert "Gmail &lt;hier&gt;" in marked
    before, _, after = marked.partition('<div id="gmail-clip"')
    assert before.endswith(("</p>", "</td>", "<td>", "</table>", "<div>"))
    assert html == before + after.partition("</div>")[2]


def test_letters_of_several_bytes_are_not_cut_apart():
    html = page("<p>" + "ü" * 60_000 + "</p>")
    assert find_clip(html) is not None
    assert "\ufffd" not in mark_clip(html, "x")


def test_inboxes_cut_a_long_subject_and_say_so():
    lines = {one.client.id: one for one in cut_line("Ruhrblick", "Licht " * 40, "Vorschau " * 40)}
    for one in lines.values():
        assert one.subject.cut
        assert one.subject.shown.endswith("…")
        assert len(one.subject.shown) <= one.client.subject
        assert not one.sender.cut
    assert "" == lines["gmail-desktop"].preheader.shown


def test_inboxes_show_a_short_line_whole():
    for one in cut_line("Ruhrblick", "Licht", "Drei Geschichten"):
        assert ("Licht", False) == (one.subject.shown, one.subject.cut)
        assert ("Drei Geschichten", False) == (one.preheader.shown, one.preheader.cut)
