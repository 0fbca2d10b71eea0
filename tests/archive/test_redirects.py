"""Where moved issues and articles are found."""

import pytest

from ruhrmail.archive.redirects import moved_files, moves_to_nothing, write_map
from ruhrmail.config.redirects import moved_to

MOVES = {"alt": "neu", "uralt": "alt", "neu/ex.html": "neu/jetzt.html"}
PUBLIC = {"neu/index.html": b"1", "neu/jetzt.html": b"2", "neu/assets/a.jpg": b"3", "neu/fest.ics": b"4"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("alt/", "neu/"),
        ("uralt/", "neu/"),
        ("uralt/assets/a.jpg", "neu/assets/a.jpg"),
        ("neu/ex.html", "neu/jetzt.html"),
        ("alt/ex.html", "neu/jetzt.html"),
        ("neu/", None),
        ("neu/jetzt.html", None),
        ("anders/", None),
    ],
)
def test_what_moved_is_found_at_the_end_of_all_moves(old, new):
    assert new == moved_to(MOVES, old)


def test_circles_lead_nowhere():
    assert moved_to({"a": "b", "b": "a"}, "a/") is None


def test_a_long_way_is_followed_to_its_end():
    assert "s40/" == moved_to({f"s{number}": f"s{number + 1}" for number in range(40)}, "s0/")


def test_old_places_lead_on_and_keep_their_pictures():
    files = moved_files(MOVES, PUBLIC, str.encode)
    assert (b"neu/", b"neu/jetzt.html") == (files["alt/index.html"], files["alt/jetzt.html"])
    assert (b"3", b"4") == (files["uralt/assets/a.jpg"], files["uralt/fest.ics"])
    assert b"neu/jetzt.html" == files["neu/ex.html"]


def test_a_page_that_is_there_is_never_replaced():
    assert not set(PUBLIC) & set(moved_files({**MOVES, "neu/jetzt.html": "neu/ex.html"}, PUBLIC, str.encode))


def test_moves_to_what_is_not_public_are_not_told():
    assert {} == moved_files({"alt": "entwurf", "alt/x.html": "entwurf/x.html"}, PUBLIC, str.encode)


def test_an_article_that_moved_in_an_issue_that_moved_is_found_at_its_first_place():
    files = moved_files(MOVES, PUBLIC, str.encode)
    assert [b"neu/jetzt.html"] * 2 == [files["alt/ex.html"], files["uralt/ex.html"]]


@pytest.mark.parametrize(
    ("moves", "astray"),
    [
        (MOVES, []),
        ({"alt": "neu", "a": "b", "b": "neuu", "neu/x.html": "neu/y.html"}, ["a", "b", "neu/x.html"]),
        ({"alt/x.html": "neu", "alt/y.html": "nie"}, ["alt/y.html"]),
        ({"alt": "neu", "alt/ex.html": "alt/jetzt.html"}, []),
    ],
)
def test_moves_to_what_is_not_there_are_named(moves, astray):
    assert astray == list(moves_to_nothing(moves, PUBLIC))


def test_the_map_is_what_nginx_reads():
    lines = write_map({"2026.1": "neu", "neu/ex.html": "neu/jetzt.html"}, "/brief", PUBLIC).decode().splitlines()
    assert [
        "~^/brief/archive/2026\\.1/([A-Za-z0-9._/-]*)\\z /brief/archive/neu/$1;",
        "/brief/archive/neu/ex.html /brief/archive/neu/jetzt.html;",
    ] == lines


def test_the_map_leads_nobody_away_from_what_is_there():
    assert b"" == write_map({"neu": "anders", "neu/jetzt.html": "anders/x.html"}, "", PUBLIC)
