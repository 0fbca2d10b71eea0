"""Is this project ready to send: everything that an examination needs, then all of them at once."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from ipaddress import ip_address
from pathlib import Path

from ruhrmail.compose import SAMPLE_PERSON
from ruhrmail.compose.keys import record_of
from ruhrmail.config import Config, Relay, load_config
from ruhrmail.deliver import Dialling, probe_relay
from ruhrmail.dns.asking import Ask, Asking
from ruhrmail.dns.outward import OutwardNames
from ruhrmail.doctor import IDS, Case, Once, Sample, examine, is_wanted, visit
from ruhrmail.errors import InvalidInput, RuhrmailError, StoreError, UsageError
from ruhrmail.flows.edition import make_edition
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.public import read_issue, slugs_of
from ruhrmail.flows.roster import merge_columns
from ruhrmail.flows.signing import read_signers, seal_of
from ruhrmail.flows.trial import trial_message
from ruhrmail.model.diagnosis import Diagnosis, Probe, State, WebAnswer
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import phrase
from ruhrmail.store import open_store_readonly
from ruhrmail.tokens import RETURN_CHARACTERS, SAMPLE_TOKEN, Keyring, read_secrets, return_address

PATIENCE = 4.0
"""Seconds for a question to a name server."""
REQUEST, CONNECT, TALK, NAMES, TOTAL = 8.0, 8.0, 15.0, 20.0, 25.0
"""Seconds for a web server, for a connection to a relay, for all that it says, for all questions to name servers, and
for everything."""


def examine_project(
    project: Path, environ: Mapping[str, str], only: Sequence[str], machine: Machine
) -> list[Diagnosis]:
    """Every line, or those that `only` means. Sends nothing, and changes nothing anywhere.

    Raises UsageError for a pattern that means no line.
    """
    check_names(only)
    try:
        config = load_config(project, environ)
    except InvalidInput as error:
        return [line_of(one) for one in error.findings]
    with Asking(OutwardNames(config.resolver, PATIENCE), NAMES) as asking:
        return examine(case_of(config, asking, machine), only, TOTAL)


def check_names(only: Sequence[str]) -> None:
    """Raises UsageError for a pattern that means no line."""
    for pattern in only:
        if not any(is_wanted(name, [pattern]) for name in IDS):
            raise UsageError(
                phrase("no examination is called {name}", name=pattern),
                hint=phrase("name one, or a group: project, files, store, relay, host, dns, web, mail, provider"),
            )


def line_of(finding: Finding) -> Diagnosis:
    """What is wrong with the settings, as a line."""
    state: State = "error" if finding.severity == "error" else "warning"
    return Diagnosis("doctor/project-config", state, str(finding.at), finding.message, finding.hint)


def case_of(config: Config, asking: Asking, machine: Machine) -> Case:
    """What the examinations are handed."""
    signers, findings = read_signers(config) if config.settings.dkim else ([], [])
    sample = Once(partial(make_sample, config, machine))

    ask_server = visitor_of(asking.ask)
    return Case(
        config=config,
        now=machine.now,
        hostname=machine.hostname,
        nobody=SAMPLE_TOKEN,
        ask=asking.ask,
        probe=prober_of(config, asking.ask, machine, sample),
        visit=ask_server,
        sample=sample,
        health=Once(partial(ask_server, "GET", f"{config.url}/healthz")),
        store_id=store_id_of(config),
        key_ids=key_ids_of(config),
        keys={one.selector: record_of(one.key) for one in signers},
        key_findings=findings,
    )


def visitor_of(ask: Ask) -> Callable[..., WebAnswer]:
    """The function that asks a web server, as long as there is time."""
    end = time.monotonic() + NAMES

    def ask_server(method: str, url: str, media_type: str = "", body: bytes = b"") -> WebAnswer:
        left = min(REQUEST, end - time.monotonic())
        return visit(ask, left, method, url, media_type, body) if left > 0 else WebAnswer(silence="timeout")

    return ask_server


def prober_of(config: Config, ask: Ask, machine: Machine, sample: Callable[[], Sample]) -> Callable[[Relay], Probe]:
    """The function that tries a relay, once."""
    timeout = config.settings.delivery.timeout.model_copy(update={"connect": CONNECT})
    dialling = Dialling(machine.hostname, timeout)

    def probe(relay: Relay) -> Probe:
        # The system's own question would wait for silent name servers, and nobody could end it.
        if not config.resolver and is_name(relay.host) and ask(relay.host, "A").state == "failed":
            return Probe(relay.name, "reach")
        size = len(sample().content)
        return asyncio.run(probe_relay(relay, dialling, envelope_of(config), size, TALK))

    tried = {relay.name: Once(partial(probe, relay)) for relay in config.relays if relay.scheme != "maildir"}
    return lambda relay: tried[relay.name]()


def envelope_of(config: Config) -> str:
    """An envelope sender like those of mailings, with a token that nobody has."""
    if config.settings.delivery.return_path == "plain":
        return config.newsletter.sender.address
    return return_address("a" * RETURN_CHARACTERS, config.return_domain)


def is_name(host: str) -> bool:
    """True for a host that name servers are asked for."""
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return host.lower() != "localhost"
    return False


def make_sample(config: Config, machine: Machine) -> Sample:
    """The newest issue as the mail that readers without tags get."""
    found = [(issue.date, slug) for slug in slugs_of(config.project) if (issue := read_issue(config.project, slug))]
    slugs = slugs_of(config.project)
    if not slugs:
        return Sample()
    slug = max(found)[1] if found else slugs[-1]
    try:
        made = make_edition(config, slug, merge_columns(config))
        message = trial_message(config, made.edition, SAMPLE_PERSON, machine)
        seal = seal_of(config, machine.now)
        return Sample(slug, (seal(message) if seal else message).content)
    except RuhrmailError as error:
        return Sample(slug, trouble=error.message)


def store_id_of(config: Config) -> str:
    """The id of the store, empty where there is none or it cannot be opened."""
    try:
        store = open_store_readonly(config.store)
    except StoreError:
        return ""
    if store is None:
        return ""
    with store:
        return store.id


def key_ids_of(config: Config) -> tuple[str, ...]:
    """The ids of the keys that sign links, none where there is no secret yet or it cannot be read."""
    try:
        secrets = config.secrets or read_secrets(config.state_folder / "secret")
    except (RuhrmailError, OSError, UnicodeDecodeError):
        return ()
    return Keyring(tuple(one.encode() for one in secrets)).key_ids if secrets else ()
