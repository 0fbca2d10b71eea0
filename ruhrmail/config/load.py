"""Reading ruhrmail.yaml, with the environment on top."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ruhrmail.config.addresses import read_resolver, read_web_url, split_resolver
from ruhrmail.config.dkim import keys_from
from ruhrmail.config.environment import environment_error, from_environment
from ruhrmail.config.hooks import hooks_from
from ruhrmail.config.mailbox_list import Seed, mailboxes_from, seeds_from
from ruhrmail.config.mailboxes import Mailbox
from ruhrmail.config.relay_list import relays_from
from ruhrmail.config.relays import DomainLimit, Refusals, Relay
from ruhrmail.config.settings import Imprint, Newsletter, Settings
from ruhrmail.config.store_address import absolute_store
from ruhrmail.errors import InvalidInput, UsageError
from ruhrmail.files import is_file
from ruhrmail.model.finding import Finding
from ruhrmail.model.merge import LOOKS_LIKE_FIELD
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.source import Document, load_document, validate
from ruhrmail.source.document import Keys

CONFIG_NAME = "ruhrmail.yaml"
STATE_FOLDER = ".ruhrmail"
MIN_SECRET = 32


@dataclass(frozen=True, slots=True)
class Config:
    """A newsletter project's settings, ready to use.

    `relays` is empty where none is configured. `store` is a database URL with absolute paths.
    `secrets` are the ones from the environment, empty when the generated file holds; `dkim_keys` are those that the
    environment holds, PEM by the name of the variable. `resolver` is the name server to ask, None for the machine's;
    `browser` the one for `check --browser`, empty for the system's. `bounces` are the mailboxes of returned mail,
    `seeds` addresses of ours at providers, `hooks` what proves a web hook by the service's name.
    """

    project: Path
    settings: Settings
    document: Document
    url: str
    store: str = field(repr=False)
    relays: tuple[Relay, ...]
    secrets: tuple[str, ...] = field(repr=False)
    dkim_keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    resolver: tuple[str, int] | None = None
    browser: str = ""
    bounces: tuple[Mailbox, ...] = ()
    seeds: tuple[Seed, ...] = ()
    hooks: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def newsletter(self) -> Newsletter:
        return self.settings.newsletter

    @property
    def imprint(self) -> Imprint:
        return self.settings.imprint

    @property
    def state_folder(self) -> Path:
        return self.project / STATE_FOLDER

    @property
    def return_domain(self) -> str:
        """The domain of envelope senders."""
        return self.settings.delivery.return_domain or self.newsletter.sender.address.rpartition("@")[2]

    @property
    def domain_limits(self) -> tuple[DomainLimit, ...]:
        """The limits for receiving domains, in the order of the file."""
        domains = self.settings.delivery.domains
        return tuple(DomainLimit(name, one.connections, one.rate) for name, one in domains.items())

    @property
    def refusals(self) -> Refusals | None:
        """The share of refusals that ends a run, None where any may be refused."""
        limit = self.settings.delivery.refusals
        return Refusals(limit.share, limit.after) if limit else None

    def name_of(self, path: Path) -> str:
        """A path as messages show it: relative to the project where it lies inside."""
        resolved = path.resolve()
        root = self.project.resolve()
        return resolved.relative_to(root).as_posix() if resolved.is_relative_to(root) else path.as_posix()


def find_project(start: Path, chosen: Path | None = None) -> Path:
    """The chosen folder, else the nearest one at or above `start` that holds a ruhrmail.yaml. Raises UsageError."""
    if chosen is not None:
        if not is_file(chosen / CONFIG_NAME):
            raise UsageError(phrase("there is no ruhrmail.yaml in {folder}", folder=chosen), hint=WHERE)
        return chosen.resolve()
    for folder in (start, *start.parents):
        if is_file(folder / CONFIG_NAME):
            return folder
    raise UsageError(phrase("there is no ruhrmail.yaml here or in a folder above"), hint=WHERE)


WHERE = phrase("go to the newsletter's folder, or name it with --project")


def load_config(project: Path, environ: Mapping[str, str]) -> Config:
    """Reads the project's settings. Raises InvalidInput with everything that is wrong with file and environment."""
    document = load_document(project / CONFIG_NAME, CONFIG_NAME)
    settings = validate(document, Settings, whole=["imprint"])
    refuse_fields(document)
    return Config(
        project=project,
        settings=settings,
        document=document,
        url=url_from(environ) or settings.newsletter.url,
        store=absolute_store(environ.get("RUHRMAIL_STORE") or settings.store, project, document, environ),
        relays=relays_from(settings.delivery.relays, document, environ),
        secrets=secrets_from(environ),
        dkim_keys=keys_from(environ),
        resolver=resolver_from(environ, settings.check.online.resolver),
        browser=environ.get("RUHRMAIL_BROWSER", "").strip(),
        bounces=mailboxes_from(settings.bounces, project, document, environ),
        seeds=seeds_from(settings.seeds, document, environ),
        hooks=hooks_from(environ),
    )


def refuse_fields(document: Document) -> None:
    """Raises InvalidInput for merge fields: the settings stand in every mail as they are written."""
    hint = phrase("write a text that suits every reader")
    found = [
        Finding("text/placeholder", "error", document.at_value(keys), fields_refused(keys), hint)
        for keys in document.marks
        if isinstance(value := document.get(keys), str) and LOOKS_LIKE_FIELD.search(value)
    ]
    if found:
        raise InvalidInput(found)


def fields_refused(keys: Keys) -> Phrase:
    """What is said about a merge field in a setting."""
    return phrase("merge fields cannot stand in {key}", key=keys[-1])


def url_from(environ: Mapping[str, str]) -> str:
    """RUHRMAIL_URL, checked."""
    text = environ.get("RUHRMAIL_URL", "").strip()
    return from_environment("RUHRMAIL_URL", lambda: read_web_url(text)) if text else ""


def resolver_from(environ: Mapping[str, str], configured: str | None) -> tuple[str, int] | None:
    """RUHRMAIL_RESOLVER, checked; without it the configured name server."""
    text = environ.get("RUHRMAIL_RESOLVER", "").strip()
    chosen = from_environment("RUHRMAIL_RESOLVER", lambda: read_resolver(text)) if text else configured
    return split_resolver(chosen) if chosen else None


def secrets_from(environ: Mapping[str, str]) -> tuple[str, ...]:
    """RUHRMAIL_SECRET: the first signs, all verify."""
    text = environ.get("RUHRMAIL_SECRET", "")
    secrets = tuple(one.strip() for one in text.split(",") if one.strip())
    if any(len(one) < MIN_SECRET for one in secrets):
        raise environment_error(
            "RUHRMAIL_SECRET",
            "config/secret",
            phrase("a secret is shorter than {count} characters", count=MIN_SECRET),
            phrase("make one with: python -c 'import secrets; print(secrets.token_hex(32))'"),
        )
    return secrets
