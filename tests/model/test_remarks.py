"""What the store writes down in English reaches people in their language."""

import pytest

from ruhrmail.i18n import translator
from ruhrmail.model.remarks import CUT_OFF, LETTER, LINK, MOVED, SINCE_BACKUP, remark_of

GERMAN = translator("de")


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        (str(CUT_OFF), "der Versand brach ab, bevor die Antwort kam"),
        (str(SINCE_BACKUP), "der Speicher kommt aus einer Sicherung: ob diese Mail seither hinausging, weiß niemand"),
        (str(MOVED), "die Mail der Person geht an eine andere Adresse"),
        (LINK.format(number=7), "Link zur Abmeldung in einer Ausgabe (Versand Nr. 7)"),
        (LINK.format(number=0), "Link zur Abmeldung auf der persönlichen Seite oder in einer Mail zur Anmeldung"),
        (LETTER.format(number=12), "Mail an die Adresse zum Abmelden (Versand Nr. 12)"),
    ],
)
def test_the_stores_own_remarks_are_told_in_german(stored, told):
    assert told == GERMAN(remark_of(stored))


@pytest.mark.parametrize(
    "text", ["", "Brief vom 3. November", "550 5.1.1 no such user", "unsubscribe link of mailing x"]
)
def test_what_others_wrote_stays_as_it_is(text):
    assert text == remark_of(text)
