"""The list in the store is the file as it was, whole."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ruhrmail.config import Config, load_config
from ruhrmail.errors import InvalidInput
from ruhrmail.flows.refresh import Sorted, refresh_roster
from ruhrmail.flows.roster import open_list
from ruhrmail.store import list_size, open_store, roster_state
from tests.stories.project import small_project

NOW = datetime(2026, 11, 6, 9, 0, tzinfo=UTC)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return load_config(small_project(tmp_path, 3).folder, {})


def test_a_list_that_is_written_while_it_is_read_is_not_taken_for_the_whole(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the hash and the rows another program cuts the file off, to write the same bytes anew."""
    path = config.project / "subscribers.csv"
    whole = path.read_bytes()

    def cut_off(config: Config):
        roster = open_list(config)
        path.write_bytes(whole[: len(whole) // 2])
        return roster

    with open_store(config.store, now=NOW, randomness=lambda size: bytes(range(size))) as store:
        with monkeypatch.context() as patched:
            patched.setattr("ruhrmail.flows.refresh.open_list", cut_off)
            with pytest.raises(InvalidInput, match="changed while it was read"):
                refresh_roster(config, store, NOW)
        assert (None, 0) == (roster_state(store), list_size(store))
        path.write_bytes(whole)
        assert () == refresh_roster(config, store, NOW)
        assert 3 == list_size(store)


def test_the_rows_of_a_list_at_rest_are_all_there(config: Config) -> None:
    assert 3 == len(list(Sorted(open_list(config)).people()))


def test_a_setting_that_lets_more_people_in_has_the_list_read_again(tmp_path: Path) -> None:
    project = small_project(tmp_path, 1).folder
    with (project / "subscribers.csv").open("a", encoding="utf-8") as file:
        file.write("jörg@ruhr.example,Jörg\n")
    settings = project / "ruhrmail.yaml"
    with open_store(load_config(project, {}).store, now=NOW, randomness=lambda size: bytes(range(size))) as store:
        refused = refresh_roster(load_config(project, {}), store, NOW)
        assert (["csv/address"], 1) == ([one.rule for one in refused], list_size(store))
        written = settings.read_text(encoding="utf-8")
        settings.write_text(written.replace("delivery: {", "delivery: {smtputf8: true, "), encoding="utf-8")
        assert () == refresh_roster(load_config(project, {}), store, NOW)
        assert 2 == list_size(store)
