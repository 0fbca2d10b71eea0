"""Where templates lie, how they are read, what they may do, and what is wrong with them."""

from ruhrmail.theme.theme import BASE, OVERRIDES, PACKAGED, Theme, locate, make_environment, open_theme

__all__ = ["BASE", "OVERRIDES", "PACKAGED", "Theme", "locate", "make_environment", "open_theme"]
