"""What every command knows before it does anything."""

from pathlib import Path

import pytest

from ruhrmail.cli.desk import Desk


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("newsletter:\n  name: Blick\n  language: en\n", "en"),
        ("newsletter:\n  language: 'en' # oder de\n", "en"),
        ("newsletter: {name: Blick, language: en, url: https://blick.example}\n", "en"),
        ("newsletter: {language: en}\nnonsense: [\n", "en"),
        ('{"newsletter": {"name": "Blick", "language": "en"}}\n', "en"),
        ("newsletter:\n  name: Blick\naudiences: {abroad: 'not language:de'}\n", "de"),
        ("newsletter:\n  # language: en\n  name: Blick\naudiences: {x: 'tag:a,language:en'}\n", "de"),
        ("newsletter:\n  language: fr\n", "de"),
    ],
)
def test_errors_are_told_in_the_newsletters_language_however_the_settings_are_laid_out(
    tmp_path: Path, settings: str, expected: str
) -> None:
    (tmp_path / "ruhrmail.yaml").write_text(settings, encoding="utf-8")
    assert expected == Desk(tmp_path, {}).language
