"""What people choose by themselves, through the link in their mail: topics and language."""

from collections.abc import Iterable, Iterator

from ruhrmail.config import Config
from ruhrmail.config.topics import Topic as Written
from ruhrmail.config.topics import Words
from ruhrmail.flows.leaving import hide
from ruhrmail.flows.links import link_for, read_link
from ruhrmail.flows.machine import Machine
from ruhrmail.i18n import LANGUAGES, choose_language
from ruhrmail.model.preferences import Chosen, Preferences, Topic
from ruhrmail.model.variants import fold_tag
from ruhrmail.store import Store, choose, find_chooser, prove_sent
from ruhrmail.tokens import Keyring, Purpose


def look_up_preferences(config: Config, store: Store, keyring: Keyring, link: str) -> Preferences | None:
    """What the page behind a link shows, without changing anything; None when it is nobody's. Raises StoreError."""
    token = read_link(store, keyring, link, Purpose.PREFERENCES)
    found = find_chooser(store, token.subscriber) if token else None
    if token is None or found is None:
        return None
    person = found.person
    language = choose_language(person.language, config.newsletter.language)
    return Preferences(
        address=hide(person.email),
        language=language,
        topics=tuple(topics_of(config, language, person.tags)),
        gone=not found.active,
        leave=link_for(store, keyring, token.subscriber, Purpose.UNSUBSCRIBE, token.mailing),
    )


def save_preferences(
    config: Config, store: Store, keyring: Keyring, machine: Machine, link: str, chosen: Chosen
) -> bool:
    """Writes down what the link's owner chose, durably before it returns; False for nobody's link, or who left.

    Topics that are not offered, and languages that there are not, count for nothing. Using the link proves that the
    mail it stood in arrived. Raises StoreError.
    """
    token = read_link(store, keyring, link, Purpose.PREFERENCES)
    found = find_chooser(store, token.subscriber) if token else None
    if token is None or found is None:
        return False
    now = machine.now()
    if token.mailing:
        prove_sent(store, token.mailing, found.number, now)
    language = chosen.language if chosen.language in LANGUAGES else ""
    return choose(store, token.subscriber, tuple(config.settings.topics), Chosen(chosen.topics, language), now)


def topics_of(config: Config, language: str, tags: Iterable[str]) -> Iterator[Topic]:
    """The topics offered, in a language of the pages, ticked where somebody has the tag."""
    theirs = {fold_tag(tag) for tag in tags}
    for tag, written in config.settings.topics.items():
        label = written if isinstance(written, str) else in_words(written, language)
        about = written.description if isinstance(written, Written) else None
        text = about if isinstance(about, str) else in_words(about, language) if about else ""
        yield Topic(tag, label, text, fold_tag(tag) in theirs)


def in_words(text: Written | Words, language: str) -> str:
    """A text in a language, else in the other one."""
    return (text.de or text.en if language == "de" else text.en or text.de) or ""
