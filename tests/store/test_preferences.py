"""What people chose holds against every file, by whatever way it is read."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruhrmail.model.audience import Audience, parse_audience
from ruhrmail.model.consent import NewImport, Reason
from ruhrmail.model.preferences import Chosen
from ruhrmail.model.variants import find_variants, fold_tag, make_condition
from ruhrmail.store import (
    Search,
    choose,
    count_newcomers,
    find_chooser,
    forget,
    import_people,
    list_size,
    open_store,
    purge_unconfirmed,
    read_directory,
    read_record,
    suppress,
    sync_roster,
)
from tests.store.samples import NOW, counting, person

TOPICS = ("Kultur", "wirtschaft", "mobilität")
DAY = timedelta(days=1)


def token_of(store, key="a@example.org"):
    with store.reading() as connection:
        return connection.exec_driver_sql(f"SELECT token_id FROM subscribers WHERE key = '{key}'").scalar_one()


def stored(store, key="a@example.org"):
    found = read_record(store, key).person
    assert found is not None
    return found


def take(store, *people, tags=True):
    columns = frozenset({"email", "tags", "language"} if tags else {"email", "first_name"})
    return import_people(store, people, NewImport("x.csv", "0" * 64, columns, "Messe"), NOW)


def test_a_choice_wins_over_the_roster_and_leaves_its_other_tags(store):
    sync_roster(store, [person("a", tags=("kultur", "vip"), language="de")], "1", NOW)
    assert choose(store, token_of(store), TOPICS, Chosen(("WIRTSCHAFT", "none"), "en"), NOW)
    assert (("vip", "wirtschaft"), "en") == (stored(store).tags, stored(store).language)
    sync_roster(store, [person("a", tags=("kultur", "presse"), language="de", first_name="Ada")], "2", NOW)
    found = stored(store)
    assert (("presse", "wirtschaft"), "en", "Ada") == (found.tags, found.language, found.first_name)


def test_a_choice_wins_over_imports_with_and_without_tags(store):
    take(store, person("a", tags=("kultur", "vip")))
    choose(store, token_of(store), TOPICS, Chosen(("mobilität",), "en"), NOW)
    assert (0, 1) == (take(store, person("a", tags=("kultur", "vip"))).changed, take(store, person("a")).changed)
    assert ("mobilität",) == stored(store).tags
    take(store, person("a", first_name="Ada"), tags=False)
    assert (("mobilität",), "en", "Ada") == (stored(store).tags, stored(store).language, stored(store).first_name)


def test_no_language_leaves_the_earlier_one(store):
    take(store, person("a", language="de"))
    token = token_of(store)
    choose(store, token, TOPICS, Chosen((), ""), NOW)
    assert ("de", "") == (stored(store).language, find_chooser(store, token).choice.language)
    choose(store, token, TOPICS, Chosen((), "en"), NOW)
    choose(store, token, TOPICS, Chosen((), ""), NOW)
    assert ("en", "en") == (stored(store).language, find_chooser(store, token).choice.language)


def test_a_topic_that_is_offered_no_longer_stays_as_it_was_chosen(store):
    take(store, person("a", tags=("kultur",)))
    token = token_of(store)
    choose(store, token, TOPICS, Chosen(("mobilität",)), NOW)
    choose(store, token, ("wirtschaft",), Chosen(("wirtschaft",)), NOW)
    take(store, person("a", tags=("kultur", "wirtschaft")))
    assert ("wirtschaft", "mobilität") == stored(store).tags


def test_a_topic_that_is_new_is_the_lists_until_somebody_chooses(store):
    take(store, person("a"))
    choose(store, token_of(store), ("kultur",), Chosen(()), NOW)
    take(store, person("a", tags=("kultur", "sport")))
    assert ("sport",) == stored(store).tags


def test_audiences_and_variants_see_the_chosen_topics(store):
    sync_roster(store, [person("a", tags=("kultur",)), person("b", tags=("kultur",))], "1", NOW)
    choose(store, token_of(store), TOPICS, Chosen(("wirtschaft",), "en"), NOW)
    sizes = [
        list_size(store, Audience("x", parse_audience(text), "de"))
        for text in ("tag:kultur", "tag:wirtschaft", "language:en", "not tag:kultur and language:de")
    ]
    assert [1, 1, 1, 0] == sizes
    variants = find_variants([make_condition(["Wirtschaft"], []), make_condition(["kultur"], [])])
    assert {"wirtschaft": 1, "kultur": 1} == dict(count_newcomers(store, "2026-12", "relay", variants))
    assert [("wirtschaft",)] == [
        one.person.tags for one in read_directory(store, Search(audience=Audience("x", parse_audience("language:en"))))
    ]


@pytest.mark.parametrize("gone", ["suppressed", "off the roster", "nobody"])
def test_who_is_not_on_the_list_chooses_nothing(store, gone):
    sync_roster(store, [person("a", tags=("kultur",))], "1", NOW)
    token = token_of(store)
    if gone == "suppressed":
        suppress(store, "a@example.org", Reason.UNSUBSCRIBED, NOW)
    elif gone == "off the roster":
        sync_roster(store, [], "2", NOW)
    else:
        token = b"somebody"
    assert not choose(store, token, TOPICS, Chosen(("wirtschaft",)), NOW)
    assert ("kultur",) == stored(store).tags


def test_a_choice_is_shown_and_goes_with_the_person(store):
    take(store, person("a"))
    token = token_of(store)
    choose(store, token, TOPICS, Chosen(("wirtschaft",), "en"), NOW)
    record = read_record(store, "a@example.org")
    assert (("wirtschaft",), NOW) == (record.choice.topics, record.chosen_at)
    assert 0 == purge_unconfirmed(store, NOW + 90 * DAY)
    forget(store, "a@example.org", NOW)
    with store.reading() as connection:
        assert 0 == connection.exec_driver_sql("SELECT count(*) FROM preferences").scalar_one()


TAG = st.sampled_from(["kultur", "Kultur", "wirtschaft", "mobilität", "MOBILITÄT", "vip", "presse"])
TAGS = st.lists(TAG, max_size=4, unique=True).map(tuple)
STEP = st.one_of(
    st.tuples(st.just("roster"), TAGS),
    st.tuples(st.just("import"), TAGS),
    st.tuples(st.just("choose"), st.lists(st.sampled_from(TOPICS), unique=True).map(tuple)),
)


@settings(deadline=None, max_examples=40)
@given(st.lists(STEP, min_size=1, max_size=6))
def test_whatever_is_read_and_chosen_in_whatever_order_the_last_choice_holds(tmp_path_factory, steps):
    url = f"sqlite:///{tmp_path_factory.mktemp('choices')}/state.db"
    with open_store(url, now=NOW, randomness=counting()) as store:
        take(store, person("a"))
        chosen, listed = None, ()
        for number, (step, tags) in enumerate(steps):
            if step == "choose":
                assert choose(store, token_of(store), TOPICS, Chosen(tags), NOW)
                chosen = tags
            elif step == "roster":
                sync_roster(store, [person("a", tags=tags)], str(number), NOW)
                listed = tags
            else:
                take(store, person("a", tags=tags))
                listed = tags
        found = {fold_tag(tag) for tag in stored(store).tags}
        offered = {fold_tag(tag) for tag in TOPICS}
        theirs = {fold_tag(tag) for tag in (listed if chosen is None else chosen)}
        assert (theirs & offered, {fold_tag(tag) for tag in listed} - offered) == (found & offered, found - offered)
