"""Who answers for a newsletter, line by line."""

from pathlib import Path

from ruhrmail.config import load_config
from ruhrmail.flows.imprint import imprint_lines
from ruhrmail.model.imprint import ImprintLine

SETTINGS = """\
newsletter:
  name: Kurzbrief
  url: https://kurzbrief.example
  sender: {name: Kurzbrief, address: post@kurzbrief.example}
imprint:
  organisation: Kurzbrief e. V.
  street: Gleisweg 1
  city: 44787 Bochum
  phone: +49 234 12 34
  email: post@kurzbrief.example
  web: https://www.kurzbrief.example
  responsible: Ben Beispiel
"""


def test_phone_mail_and_web_are_links_and_all_else_is_text(tmp_path: Path):
    (tmp_path / "ruhrmail.yaml").write_text(SETTINGS, encoding="utf-8")
    assert [
        ImprintLine("Kurzbrief e. V."),
        ImprintLine("Gleisweg 1, 44787 Bochum"),
        ImprintLine("+49 234 12 34", "Telefon", "tel:+492341234"),
        ImprintLine("post@kurzbrief.example", "E-Mail", "mailto:post@kurzbrief.example"),
        ImprintLine("https://www.kurzbrief.example", "Web", "https://www.kurzbrief.example"),
        ImprintLine("Ben Beispiel", "Verantwortlich für den Inhalt"),
    ] == imprint_lines(load_config(tmp_path, {}), "de")
