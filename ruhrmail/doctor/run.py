"""All examinations side by side; what is not seen in time is unknown."""

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial

from ruhrmail.config import Relay
from ruhrmail.doctor import files, host, message, policies, project, providers, relays, sender, web
from ruhrmail.doctor.case import Case
from ruhrmail.model.diagnosis import Diagnosis
from ruhrmail.model.phrase import phrase

PREFIX = "doctor/"


@dataclass(frozen=True, slots=True)
class Examination:
    """A function that looks at one thing, with the ids of the lines that it may give."""

    ids: tuple[str, ...]
    run: Callable[[Case], Iterable[Diagnosis]]


def once(run: Callable[[Case], Iterable[Diagnosis]], *names: str) -> Examination:
    """An examination that takes place once."""
    return Examination(tuple(PREFIX + name for name in names), run)


BEFORE = (
    once(project.examine_settings, "project-config"),
    once(project.examine_imprint, "project-imprint"),
    once(project.examine_clock, "project-clock"),
    once(files.examine_state, "files-state"),
    once(files.examine_secret, "files-secret"),
    once(files.examine_keys, "files-dkim"),
    once(files.examine_git, "files-git"),
    once(files.examine_list, "files-list"),
    once(project.examine_store, "store-whole"),
    once(project.examine_space, "store-space"),
    once(relays.examine_relays, "relay-configured"),
)
EACH_RELAY: tuple[tuple[Callable[[Case, Relay], Iterable[Diagnosis]], tuple[str, ...]], ...] = (
    (relays.examine_relay, ("relay-reachable", "relay-tls", "relay-certificate", "relay-login", "relay-sender",
                            "relay-size", "relay-extensions")),
    (host.examine_greeting, ("relay-greeting",)),
    (host.examine_host, ("host-name", "host-ptr", "host-spf")),
    (host.examine_page, ("host-page",)),
)  # fmt: skip
AFTER = (
    once(sender.examine_mail, "dns-mx"),
    once(sender.examine_spf, "dns-spf"),
    once(sender.examine_dkim, "dns-dkim"),
    once(sender.examine_dmarc, "dns-dmarc"),
    once(sender.examine_alignment, "dns-alignment"),
    once(policies.examine_mta_sts, "dns-mta-sts"),
    once(policies.examine_tls_reports, "dns-tls-rpt"),
    once(policies.examine_bimi, "dns-bimi"),
    once(web.examine_address, "web-address"),
    once(web.examine_service, "web-service", "web-certificate"),
    once(web.examine_way_out, "web-unsubscribe"),
    once(web.examine_strictness, "web-hsts"),
    once(message.examine_message, "mail-issue", "mail-headers", "mail-signature"),
)
IDS = (
    *(name for one in BEFORE for name in one.ids),
    *(PREFIX + name for _, names in EACH_RELAY for name in names),
    *(name for one in AFTER for name in one.ids),
    *providers.DEMANDS,
)
"""Every id that a line can have."""


def is_wanted(name: str, only: Sequence[str]) -> bool:
    """Whether an id is meant by one of the patterns: `doctor/dns-*`, `dns-spf`, `dns` for the group; none mean all."""
    short = name.removeprefix(PREFIX)
    patterns = [one.removeprefix(PREFIX) for one in only]
    return not only or any(fnmatchcase(short, one) or short.startswith(f"{one}-") for one in patterns)


def examinations_for(case: Case) -> Iterator[Examination]:
    """All of them in the order of their lines."""
    yield from BEFORE
    for relay in case.config.relays:
        for run, names in EACH_RELAY:
            if relay.scheme != "maildir":
                yield once(partial(look_at, run, relay), *names)
    yield from AFTER


def look_at(run: Callable[[Case, Relay], Iterable[Diagnosis]], relay: Relay, case: Case) -> Iterable[Diagnosis]:
    """An examination of one relay."""
    return run(case, relay)


def examine(case: Case, only: Sequence[str], seconds: float) -> list[Diagnosis]:
    """The lines, in a fixed order; those of providers need all the others."""
    summed = [name for name in providers.DEMANDS if is_wanted(name, only)]
    needed = {demand for name in summed for demand in providers.DEMANDS[name][1]}
    chosen = [one for one in examinations_for(case) if any(is_wanted(name, only) or name in needed for name in one.ids)]
    lines = [line for found in examine_all(case, chosen, seconds) for line in found]
    return [one for one in [*lines, *(providers.sum_up(lines) if summed else ())] if is_wanted(one.id, only)]


def examine_all(case: Case, chosen: Sequence[Examination], seconds: float) -> list[list[Diagnosis]]:
    """What each found, all of them at once in threads of their own. A bug in one is raised here."""
    done: queue.SimpleQueue[tuple[int, list[Diagnosis] | Exception]] = queue.SimpleQueue()

    def work(number: int, one: Examination) -> None:
        try:
            done.put((number, list(one.run(case))))
        except Exception as error:  # noqa: BLE001 - raised in the thread that waits
            done.put((number, error))

    for number, one in enumerate(chosen):
        threading.Thread(target=work, args=(number, one), daemon=True).start()
    found = {number: [late(one)] for number, one in enumerate(chosen)}
    end = time.monotonic() + seconds
    for _ in chosen:
        try:
            number, result = done.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            break
        if isinstance(result, Exception):
            raise result
        found[number] = result
    return list(found.values())


def late(one: Examination) -> Diagnosis:
    """The line of an examination that has not come to its end."""
    return Diagnosis(one.ids[0], "unknown", "", phrase("no answer in time"), phrase("try again later"))
