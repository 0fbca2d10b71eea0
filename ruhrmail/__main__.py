"""`python -m ruhrmail`, and the console script."""

from ruhrmail.interrupts import note_signals


def main() -> None:
    """The program, which hears from now on that it is asked to end."""
    note_signals()
    from ruhrmail.cli import main as begin

    begin()


if __name__ == "__main__":
    main()
