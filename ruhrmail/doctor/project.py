"""The settings, the clock and the store."""

from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from shutil import disk_usage

from ruhrmail.doctor.case import Case, host_part
from ruhrmail.errors import StoreError
from ruhrmail.model.diagnosis import Diagnosis
from ruhrmail.model.phrase import phrase
from ruhrmail.store import find_damage, open_store_readonly

DEMANDED = ("represented_by", "responsible", "phone")
"""What § 5 DDG and § 18 (2) MStV want besides the items that the settings demand."""
EXAMPLES = frozenset(
    {
        "Muster gGmbH",
        "Sample gGmbH",
        "Musterstraße 1",
        "+49 201 000000",
        "info@newsletter.example",
        "https://www.newsletter.example",
        "Maria Muster (Geschäftsführerin)",
        "Mary Sample (managing director)",
        "Amtsgericht Essen, HRB 00000",
        "DE000000000",
        "Max Muster, Musterstraße 1, 45127 Essen",
        "Max Sample, Musterstraße 1, 45127 Essen",
    }
)
"""What `init` writes into the imprint, for somebody to replace."""
MOST_DRIFT = timedelta(minutes=5)
MB = 1024 * 1024
LITTLE, TOO_LITTLE = 500 * MB, 50 * MB
"""Bytes of free space for the store."""
LOOKING = 10.0
"""Seconds that the store gets to look for damage."""
SQLITE = "sqlite:///"


def examine_settings(case: Case) -> Iterator[Diagnosis]:
    """The settings load: otherwise nothing else is looked at."""
    yield Diagnosis("doctor/project-config", "ok", "ruhrmail.yaml", phrase("the settings can be read"))


def examine_imprint(case: Case) -> Iterator[Diagnosis]:
    """The imprint has every item that the law wants, and none of an example."""
    written = case.config.imprint.model_dump(by_alias=True)
    lacking = [name for name in DEMANDED if not written[name]]
    for name in lacking:
        yield Diagnosis("doctor/project-imprint", "error", "imprint", phrase("the imprint lacks {name}", name=name),
                        phrase("add `{name}: …` below `imprint:`", name=name))  # fmt: skip
    invented = ", ".join(name for name, value in written.items() if value in EXAMPLES)
    if invented:
        message = phrase("the imprint has what `init` invented: {names}", names=invented)
        yield Diagnosis("doctor/project-imprint", "error", "imprint", message,
                        phrase("replace it with your own in ruhrmail.yaml, or delete the line"))  # fmt: skip
    if not lacking and not invented:
        yield Diagnosis("doctor/project-imprint", "ok", "imprint", phrase("the imprint is complete"))


def examine_clock(case: Case) -> Iterator[Diagnosis]:
    """The clock, beside that of the machine behind the web address: mail that comes from the future counts as spam."""
    name, about = "doctor/project-clock", host_part(case.config.url)
    answer = case.health()
    try:
        told = parsedate_to_datetime(answer.header("date"))
        drift = abs(case.now() - told)
    except (ValueError, TypeError, OverflowError):
        yield Diagnosis(name, "unknown", about, phrase("there is no other clock to compare this machine's with"))
        return
    minutes = round(drift.total_seconds() / 60)
    if drift > MOST_DRIFT:
        yield Diagnosis(name, "warning", about, phrase("this clock and that of {host} differ by {minutes} minutes",
                        host=about, minutes=minutes), phrase("set the clock: timedatectl set-ntp true"))  # fmt: skip
    else:
        yield Diagnosis(name, "ok", about, phrase("the clock agrees with that of {host}", host=about))


def examine_store(case: Case) -> Iterator[Diagnosis]:
    """The store opens and is whole."""
    name, about = "doctor/store-whole", "store"
    try:
        store = open_store_readonly(case.config.store)
        if store is None:
            yield Diagnosis(name, "ok", about, phrase("there is no store yet: the first `send` or `serve` makes it"))
            return
        with store:
            damage = find_damage(store, LOOKING)
    except StoreError as error:
        yield Diagnosis(name, "error", about, error.message, error.hint)
        return
    if damage is None:
        yield Diagnosis(name, "unknown", about, phrase("the store opens; it is too large to look at all of it now"))
    elif damage:
        yield Diagnosis(name, "error", about, phrase("the store is damaged: {what}", what=damage),
                        phrase("move the file away but keep it, and restore a backup"))  # fmt: skip
    else:
        yield Diagnosis(name, "ok", about, phrase("the store opens and is whole"))


def examine_space(case: Case) -> Iterator[Diagnosis]:
    """The disk has room for the store."""
    name, url = "doctor/store-space", case.config.store
    if not url.startswith(SQLITE):
        return
    folder = Path(url.removeprefix(SQLITE)).parent
    while not folder.is_dir():
        folder = folder.parent
    try:
        free = disk_usage(folder).free
    except OSError as error:
        yield Diagnosis(name, "unknown", "store", phrase("{file} cannot be looked at: {reason}", file=folder,
                        reason=error.strerror or type(error).__name__))  # fmt: skip
        return
    message = phrase("{free} MB are free for the store", free=free // MB)
    if free < LITTLE:
        remedy = phrase("make room: a mailing ends when its ledger cannot be written")
        yield Diagnosis(name, "error" if free < TOO_LITTLE else "warning", "store", message, remedy)
    else:
        yield Diagnosis(name, "ok", "store", message)
