"""The command line: one file per command, each translates arguments, calls one flow, and prints."""

from ruhrmail.cli.app import app, main

__all__ = ["app", "main"]
