"""`python -m ruhrmail`."""

from ruhrmail.cli import main

if __name__ == "__main__":
    main()
