"""A rehearsal in words."""

import io

from ruhrmail.cli.review import show_lines
from ruhrmail.cli.terminal import Terminal
from ruhrmail.i18n import translator
from ruhrmail.rehearse import Line, Verdict


def test_providers_stand_in_a_table_in_the_readers_language():
    out = io.StringIO()
    lines = [
        Line("gmx", Verdict(1239, once=1236, refused=3), 23),
        Line("university", Verdict(8, once=7, in_doubt=1), 0),
    ]
    show_lines(Terminal(out, io.StringIO(), translator("de"), color=False), lines)
    assert [
        "  Anbieter    Empfänger  angenommen  abgewiesen  im Zweifel  zurückgestellt",
        "  gmx              1239        1236           3           0              23",
        "  Hochschule          8           7           0           1               0",
    ] == out.getvalue().splitlines()
