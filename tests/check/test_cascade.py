"""What holds for an element is what a browser would say, as far as mails go."""

import pytest

from ruhrmail.check.cascade import cascade
from ruhrmail.check.colour import Colour, contrast, read_colour
from ruhrmail.check.sheet import read_html

PAGE = '<html><head><style>{style}</style></head><body style="background:#ffffff">{body}</body></html>'


def element_of(style, body, *, dark=False):
    root = read_html(PAGE.format(style=style, body=body))
    return cascade(root, dark=dark), root.xpath("//*[@id='x']")[0]


@pytest.mark.parametrize(
    ("style", "attributes", "expected"),
    [
        ("p{color:red}", "", "red"),
        ("p{color:red}", 'style="color:blue"', "blue"),
        ("p{color:red!important}", 'style="color:blue"', "red"),
        ("p{color:red!important}", 'style="color:blue!important"', "blue"),
        (".a{color:red} p{color:blue}", 'class="a"', "red"),
        ("p{color:red} p{color:blue}", "", "blue"),
        ("#x{color:red} .a.b{color:blue}", 'class="a b"', "red"),
        ("body > p{color:RED}", 'color="blue"', "red"),
        ("div p{color:red}", 'color="blue"', "blue"),
        ("p:hover{color:red} p::before{color:red} [data-ogsc] p{color:red}", "", ""),
        ("p:nonsense(1){color:red} p{{color:red}} } p{color:blue}", "", ""),
        ("@media (max-width:400px){p{color:red}} @supports (gap:1px){p{color:red}}", "", ""),
        ("/* p{color:red} */ @import 'x'; p { color : red ; ; }", "", "red"),
    ],
)
def test_the_stronger_declaration_holds(style, attributes, expected):
    held, element = element_of(style, f'<p id="x" {attributes}>Halle</p>')
    assert expected == held.own(element, "color")


def test_dark_rules_hold_in_dark_mode_only():
    style = "@media (prefers-color-scheme: dark){.a{background:#111111!important}}"
    body = '<div class="a" bgcolor="#eeeeee"><p id="x">Halle</p></div>'
    grounds = [held.ground(element) for held, element in (element_of(style, body, dark=dark) for dark in (False, True))]
    assert [Colour(238, 238, 238), Colour(17, 17, 17)] == grounds


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('style="background:url(a.png) no-repeat #0b5563"', None),
        ('background="a.png"', None),
        ('style="background:transparent"', Colour(255, 255, 255)),
        ('style="background-color:rgba(0,0,0,0)"', Colour(255, 255, 255)),
        ('style="background:none;background-color:#000000"', Colour(0, 0, 0)),
    ],
)
def test_the_ground_is_the_nearest_colour_or_a_picture(attributes, expected):
    held, element = element_of("", f'<div {attributes}><p id="x">Halle</p></div>')
    assert expected == held.ground(element)


def test_colours_are_inherited_and_grounds_shine_through():
    held, element = element_of("div{color:#0b5563;font-size:0}", '<div><p><b id="x">Halle</b></p></div>')
    assert (Colour(11, 85, 99), "0", Colour(255, 255, 255)) == (
        held.ink(element),
        held.inherited(element, "font-size"),
        held.ground(element),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#fff", Colour(255, 255, 255)),
        ("navy", Colour(0, 0, 128)),
        ("rgb(11, 85, 99)", Colour(11, 85, 99)),
        ("transparent", None),
        ("currentcolor", None),
        ("", None),
        ("12px", None),
    ],
)
def test_colours_are_read_as_css_writes_them(text, expected):
    found = read_colour(text)
    assert (expected is None) == (found is None)
    assert found is None or contrast(found, expected) < 1.001


def test_black_on_white_has_the_greatest_contrast():
    assert 21 == round(contrast(Colour(0, 0, 0), Colour(255, 255, 255)), 6)
