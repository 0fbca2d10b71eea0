"""The sample newsletter in another theme."""

from dataclasses import replace

from ruhrmail.config import Config


def with_theme(config: Config, name: str) -> Config:
    """The settings with another theme, everything else as it is."""
    theme = config.settings.theme.model_copy(update={"name": name})
    return replace(config, settings=config.settings.model_copy(update={"theme": theme}))
