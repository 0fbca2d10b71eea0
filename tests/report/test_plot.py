"""Plots are well-formed SVG whose pieces are as long as their figures."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruhrmail.report.plot import NARROW, WIDE, Bar, Caption, Part, Series, heights, plot_bars, plot_columns

CAPTION = Caption("x", "Title <&>", 'What "it" shows')
SVG = "{http://www.w3.org/2000/svg}"
NUMBERS = st.integers(0, 10**7)


def rectangles(svg: str) -> list[dict[str, str]]:
    root = ElementTree.fromstring(svg)
    return [dict(one.attrib) for one in root.iter("rect")]


def test_a_plot_is_named_and_described():
    root = ElementTree.fromstring(plot_bars(CAPTION, []))
    assert ("img", "x-wide-t x-wide-d") == (root.get("role"), root.get("aria-labelledby"))
    assert ["Title <&>", 'What "it" shows'] == [root.find("title").text, root.find("desc").text]


def test_pieces_of_a_bar_are_as_long_as_their_share():
    bars = [Bar("a", (Part(30, "sent", "30"), Part(10, "failed", "10"))), Bar("b", (Part(20, "sent", "20"),))]
    widths = [float(one["width"]) for one in rectangles(plot_bars(CAPTION, bars))]
    assert [3.0, 1.0, 2.0] == [round(width / widths[1], 2) for width in widths]


def test_bars_of_shares_are_all_of_one_length():
    bars = [Bar("a", (Part(3, "sent", ""), Part(1, "failed", ""))), Bar("b", (Part(1, "sent", ""),))]
    widths = [float(one["width"]) for one in rectangles(plot_bars(CAPTION, bars, full=True))]
    assert round(widths[0] + widths[1]) == round(widths[2])


@given(st.lists(st.lists(NUMBERS, min_size=1, max_size=3), min_size=1, max_size=60).map(
    lambda rows: [([*row, 0, 0])[:3] for row in rows]))  # fmt: skip
def test_columns_stay_inside_the_picture(rows):
    series = [Series(kind, kind, tuple(row[place] for row in rows)) for place, kind in enumerate("abc")]
    svg = plot_columns(CAPTION, series, [str(number) for number in range(len(rows))])
    width, height = map(float, re.search(r'viewBox="0 0 (\S+) (\S+)"', svg).groups())
    for one in rectangles(svg):
        assert 0 <= float(one["x"]) and float(one["x"]) + float(one["width"]) <= width + 1
        assert -2 <= float(one["y"]) and float(one["y"]) + float(one["height"]) <= height


@pytest.mark.parametrize("sheet", [WIDE, NARROW])
@pytest.mark.parametrize("spans", [1, 7, 26, 59, 60])
def test_times_below_columns_neither_touch_nor_leave_the_picture(sheet, spans):
    """With the widest letters of a page, a time needs some 98 units."""
    series = [Series("sent", "sent", (1,) * spans)]
    svg = plot_columns(CAPTION, series, ["22.11. 09:00"] * spans, sheet=sheet)
    texts = [dict(one.attrib) for one in ElementTree.fromstring(svg).iter("text") if "text-anchor" not in one.attrib]
    places = [float(one["x"]) for one in texts]
    assert places and all(place + 91 <= sheet.width for place in places)
    assert all(after - before >= 80 for before, after in pairwise(places))


@pytest.mark.parametrize("sheet", [WIDE, NARROW])
def test_no_bar_covers_words(sheet):
    bars = [Bar("a" * 50, (Part(5, "sent", ""),), "5"), Bar("b", (Part(1, "sent", ""),), "1")]
    root = ElementTree.fromstring(plot_bars(CAPTION, bars, sheet))
    labels = [one for one in root.iter("text") if one.get("class") != "note"]
    for label, bar in zip(labels, root.iter("rect"), strict=True):
        beside = label.get("text-anchor") == "end" and float(label.get("x")) < float(bar.get("x"))
        assert beside or float(label.get("y")) < float(bar.get("y"))
        assert len(label.text) <= sheet.longest


@given(NUMBERS)
def test_heights_begin_at_nothing_and_reach_the_tallest_column(tallest):
    found = heights([Series("a", "a", (tallest, 0))])
    assert found[0] == 0 and found[-1] >= tallest and 2 <= len(found) <= 6
