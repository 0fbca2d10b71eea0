"""Spaces that hold together what belongs together, and dashes between numbers.

A narrow no-break space (U+202F) stands inside abbreviations, before units and after signs of reference, a no-break
space (U+00A0) between day and month and before a name with a title, as DIN 5008 and Duden have it. Only single spaces
of the editor's become such; nothing but known abbreviations is set apart.
"""

import re

NARROW = "\u202f"
NO_BREAK = "\u00a0"
SPACED = {
    "de": (
        "a. a. O.|a. D.|a. M.|b. w.|d. h.|d. J.|d. M.|e. G.|e. V.|h. c.|i. A.|i. d. F.|i. d. R.|i. H. v.|i. S. d.|"
        "i. V.|m. E.|m. W.|n. Chr.|o. Ä.|o. g.|o. J.|s. o.|s. u.|u. a.|u. Ä.|u. U.|u. v. a.|u. v. m.|v. a.|v. Chr.|"
        "v. H.|z. B.|z. Hd.|z. T.|z. Z.|z. Zt."
    ),
    "en": "h. c.",
}
"""Abbreviations of several words."""
TITLES = re.compile(
    r"(?<![\w.])(?:Prof|Dr|Dipl|Mag)\. (?=(?:Dr|Prof|Ing|h)\.)|(?<=\bDr\.[ \u202f]h\.[ \u202f]c\.) (?=mult\.)"
)
UNITS = {
    "de": (
        "°C|°F|°|%|‰|€|\\$|£|Euro|Cent|Prozent|Uhr|Mio\\.|Mrd\\.|Tsd\\.|Millionen|Milliarden|Std\\.|Min\\.|Sek\\.|km/h|"
        "km²|km|cm|mm|m²|m³|m|ha|kg|mg|g|t|ml|hl|l|kWp|kWh|MWh|GWh|TWh|kW|MW|GW|W|kV|V|kHz|MHz|GHz|Hz|kB|MB|GB|TB"
    ),
    "en": (
        "°C|°F|€|£|\\$|euros?|pounds|cents?|million|billion|thousand|am|pm|a\\.m\\.|p\\.m\\.|km/h|mph|km²|km|cm|mm|m²|m³|m|"
        "miles?|ha|kg|mg|g|t|ml|hl|l|kWp|kWh|MWh|GWh|TWh|kW|MW|GW|W|kV|V|kHz|MHz|GHz|Hz|kB|MB|GB|TB"
    ),
}
COUNTED = {
    "de": "Tagen?|Wochen|Monaten?|Jahren?|Stunden|Minuten|Sekunden|Personen|Kilometern?|Metern?",
    "en": "days|weeks|months|years|hours|minutes|seconds|people|kilometres|metres",
}
"""What is counted in ranges, besides units."""
REFERENCES = {
    "de": "§|§§|Abs|Abb|Art|Bd|Buchst|Hs|Jg|Kap|Nr|Nrn|Rn|S|Tab|Ziff",
    "en": "§|§§|art|ch|fig|no|No|Nos|p|pp|sec|tab|vol|Vol",
}
PAGES = {"de": r"S\.|Nr\.|Abs\.|Art\.|Kap\.|Seiten?|Kapitel|§§", "en": r"pp?\.|nos?\.|Nos?\.|pages?|chapters?|§§"}
LETTER = re.compile(r"\b[^\W\d_]\.")
DIGIT = re.compile(r"\d")
MONTHS = {
    "de": r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)(?!\w)|"
    r"(?:Jan|Feb|Mrz|Apr|Jun|Jul|Aug|Sept?|Okt|Nov|Dez)\.",
    "en": r"(?:January|February|March|April|May|June|July|August|September|October|November|December)(?!\w)|"
    r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)(?![\w-])",
}
DAY = {"de": r"\d{1,2}\.", "en": r"\d{1,2}(?:st|nd|rd|th)?"}
BEFORE_NAMES = re.compile(r"(?<![\w.-])(Prof|Dr|St|Mr|Mrs|Ms)\. (?=[^\W\d_])")
AMOUNT = r"\d{1,4}(?:[.,:]\d{1,3})?"
YEARS = re.compile(r"(?<![\w.,:/+()–-])((?:1[5-9]|20)\d\d)-((?:1[5-9]|20)\d\d)(?![\w/–-]|[.,:]\d)")
DAYS = re.compile(
    r"(?<![\w.–-])(\d{1,2}\.)-(\d{1,2}\.(?=[ \u00a0](?:Jan|Feb|März|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)))"
)
MAGNITUDE = re.compile(r"(?<=\d[ \u202f](?:Mio|Mrd|Tsd)\.) (?=[A-Za-z€$£])")


class Rules:
    """The patterns of one language."""

    def __init__(self, language: str) -> None:
        forms = SPACED[language].split("|")
        either = [f"[{form[0]}{form[0].upper()}]" + re.escape(form[1:]) for form in forms]
        alternatives = "|".join(sorted(either, key=len, reverse=True))
        bounds = r"(?<![\w.]){}(?!\w)"
        self.close = re.compile(bounds.format(f"(?:{alternatives})".replace("\\ ", "")))
        self.spaced = re.compile(bounds.format(f"(?:{alternatives})".replace("\\ ", "[ \u202f]")))
        self.unit = re.compile(rf"(\d) (?=(?:{UNITS[language]})(?!\w))")
        self.day = re.compile(rf"(?<![\w.:/])({DAY[language]}) (?={MONTHS[language]})")
        references = sorted(REFERENCES[language].split("|"), key=len, reverse=True)
        named = "|".join(one if one.startswith("§") else one + r"\." for one in references)
        self.reference = re.compile(rf"(?<![\w.])({named}) (?=\d)")
        counted = rf"(?=[ \u202f\u00a0]?(?:{UNITS[language]}|{COUNTED[language]})(?!\w))"
        self.range = re.compile(rf"(?<![\w.,:/+()–-])(?<!\d[ \u202f\u00a0])({AMOUNT})-({AMOUNT}){counted}")
        self.pages = re.compile(
            rf"(?<!\w)((?:{PAGES[language]})[ \u202f\u00a0]\d{{1,4}})-(?=\d{{1,4}}(?![\w/–-]|[.,:]\d))"
        )


RULES = {language: Rules(language) for language in SPACED}


def part_words(text: str, language: str) -> str:
    """Known abbreviations that are written without their spaces (`z.B.`), with them."""
    if not LETTER.search(text):
        return text
    return RULES[language].close.sub(lambda match: re.sub(r"\.(?=\w)", ". ", match[0]), text)


def hold_together(text: str, language: str) -> str:
    """The text, as long as before, with spaces that do not break and dashes between numbers."""
    rules = RULES[language]
    if "." in text:
        if LETTER.search(text):
            text = rules.spaced.sub(lambda match: match[0].replace(" ", NARROW), text)
        text = TITLES.sub(lambda match: match[0].replace(" ", NARROW), text)
        text = BEFORE_NAMES.sub(rf"\1.{NO_BREAK}", text)
    if not DIGIT.search(text):
        return text
    text = MAGNITUDE.sub(NARROW, rules.unit.sub(rf"\1{NARROW}", text))
    text = rules.day.sub(rf"\1{NO_BREAK}", rules.reference.sub(rf"\1{NARROW}", text))
    if "-" in text:
        text = DAYS.sub(join_numbers, text)
        text = rules.pages.sub(r"\1–", rules.range.sub(join_numbers, text))
        text = YEARS.sub(lambda match: join_numbers(match) if match[1] < match[2] else match[0], text)
    return text


def join_numbers(match: re.Match[str]) -> str:
    """Two numbers with a dash between them."""
    return f"{match[1]}–{match[2]}"
