"""Exports of other tools that change while they are taken over."""

import pytest

from ruhrmail.config import load_config
from ruhrmail.errors import InvalidInput
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.migrating import Task, migrate
from ruhrmail.store import open_store, people
from tests.migrate.samples import KEILA, answer, on_list, subscriber, table
from tests.store.samples import NOW, counting
from tests.stories.project import small_project
from tests.stories.test_people import without_basis

MACHINE = Machine(lambda: NOW, counting(), "essen", 1)
LIST = on_list("News", "unconfirmed", "single")
FILES = {
    "listmonk": lambda name: answer(subscriber(f"{name}@halde.example", LIST)),
    "keila": lambda name: table(KEILA, [{"Email": f"{name}@halde.example", "Status": "active"}]),
}


@pytest.mark.parametrize("tool", FILES)
def test_a_file_that_is_written_anew_before_the_answer_takes_nobody_over(tmp_path, tool):
    config = load_config(without_basis(small_project(tmp_path / "project", 1)).folder, {})
    path = tmp_path / "export"
    path.write_text(FILES[tool]("ada"))

    def ask(count):
        path.write_text(FILES[tool]("zoe"))
        return "Altbestand"

    with pytest.raises(InvalidInput, match="changed while it was read"):
        migrate(config, Task((path,), tool), MACHINE, lambda preview: None, ask)
    with open_store(config.store, now=NOW, randomness=counting()) as store:
        assert [] == list(people(store))
