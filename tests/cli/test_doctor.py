"""What doctor prints: below each other on a terminal, whole for programs that read it."""

import io

from ruhrmail.cli.doctor import break_lines, show_line
from ruhrmail.cli.terminal import Terminal
from ruhrmail.i18n import translator
from ruhrmail.model.diagnosis import Diagnosis
from ruhrmail.model.phrase import phrase

REMEDY = phrase("chmod 700 {path}", path=".ruhrmail")
LONG = "kein Relay ist eingerichtet: Mail geht in einen Ordner auf dieser Maschine"


class Screen(io.StringIO):
    """Somebody looks at it."""

    def isatty(self) -> bool:
        return True


def printed(out: io.StringIO) -> list[str]:
    terminal = Terminal(out, io.StringIO(), translator("de"), color=False)
    show_line(terminal, Diagnosis("relay", "warning", "relays", LONG, REMEDY), 5, again=False)
    return out.getvalue().splitlines()


def test_a_long_line_goes_on_below_itself_on_a_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    assert [
        "  warning  relay  relays: kein Relay ist eingerichtet: Mail",
        "                  geht in einen Ordner auf dieser Maschine",
        "                  Tipp: chmod 700 .ruhrmail",
    ] == printed(Screen())


def test_lines_for_programs_stay_whole(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    assert f"  warning  relay  relays: {LONG}" == printed(io.StringIO())[0]


def test_a_column_of_a_few_letters_is_none_and_no_command_is_torn_apart():
    assert [LONG] == break_lines(LONG, 12)
    assert ["mit `ruhrmail serve`", "--no-service-check gehen"] == break_lines(
        "mit `ruhrmail serve` --no-service-check gehen", 30
    )
