"""A person's own page: what it shows, and what it keeps."""

from dataclasses import replace

import pytest

from ruhrmail.flows.leaving import leave
from ruhrmail.flows.links import link_for
from ruhrmail.model.preferences import Topic
from ruhrmail.store import forget
from ruhrmail.tokens import SAMPLE_TOKEN, Keyring, Purpose, Token
from tests.flows.choosing import ADA, BEN


def test_the_page_shows_topics_in_the_persons_language_and_hides_the_address(choosing):
    german, english = choosing.look(choosing.link(ADA)), choosing.look(choosing.link(BEN))
    assert ("A…@halde.example", "de", False) == (german.address, german.language, german.gone)
    assert (
        Topic("wirtschaft", "Wirtschaft und Gründung"),
        Topic("kultur", "Kultur", "Bühnen und Museen", chosen=True),
        Topic("sport", "Sports", "Vereine im Revier"),
    ) == german.topics
    assert ("en", Topic("kultur", "Culture", "Stages and museums")) == (english.language, english.topics[1])


def test_what_is_saved_is_shown_and_counts(choosing):
    link = choosing.link(ADA)
    assert choosing.save(link, "wirtschaft", "sport", "vip", language="en")
    shown = choosing.look(link)
    assert (["wirtschaft", "sport"], "en") == ([one.tag for one in shown.topics if one.chosen], shown.language)
    assert ("vip", "wirtschaft", "sport") == choosing.record(ADA).person.tags


def test_a_language_that_there_is_not_counts_for_nothing(choosing):
    assert choosing.save(choosing.link(BEN), language="fr")
    assert "en" == choosing.record(BEN).person.language


def test_only_a_link_of_this_purpose_key_and_list_opens_the_page(choosing):
    good = choosing.keyring.verify_link(choosing.link(ADA), Purpose.PREFERENCES)
    others = [replace(good, purpose=one) for one in Purpose if one is not Purpose.PREFERENCES]
    others += [replace(good, list=b"xyz"), replace(good, subscriber=b"somebody")]
    links = [choosing.keyring.sign_link(one) for one in others]
    links += [Keyring((b"y" * 32,)).sign_link(good), SAMPLE_TOKEN, choosing.link(ADA)[:-1], ""]
    assert [(None, False)] * len(links) == [(choosing.look(one), choosing.save(one, "sport")) for one in links]
    assert ("kultur", "vip") == choosing.record(ADA).person.tags


def test_who_left_is_told_so_and_chooses_nothing(choosing):
    link = choosing.link(ADA)
    way_out = choosing.look(link).leave
    assert leave(choosing.store, choosing.keyring, choosing.machine, way_out.removeprefix("/u/"))
    assert (True, False) == (choosing.look(link).gone, choosing.save(link, "sport"))
    forget(choosing.store, ADA.lower(), choosing.now)
    assert choosing.look(link) is None


@pytest.mark.parametrize("purpose", [Purpose.PREFERENCES, Purpose.UNSUBSCRIBE])
def test_a_path_leads_back_to_whom_it_was_made_for(choosing, purpose):
    token_id = choosing.token_id(BEN)
    token = choosing.keyring.verify_link(
        link_for(choosing.store, choosing.keyring, token_id, purpose, 7).rpartition("/")[2], purpose
    )
    assert Token(purpose, token_id, 7, bytes.fromhex(choosing.store.id)[:3]) == token
