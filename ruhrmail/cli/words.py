"""The words of `--help`, which reads no config: RUHRMAIL_LANG, else English."""

import os

from ruhrmail.i18n import choose_language, translator

word = translator(choose_language(os.environ.get("RUHRMAIL_LANG")))
