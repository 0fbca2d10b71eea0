"""What a run could not look at."""

from ruhrmail.check import Equipment
from ruhrmail.flows.check import find_idle
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import phrase


def test_rules_without_their_equipment_did_not_run():
    idle = {*find_idle([], Equipment(frozenset({"browser"})))}
    assert ({"link/dead", "spam/score"}, set()) == (idle & {"link/dead", "spam/score"}, idle & {"visual/overflow"})


def test_where_the_browser_gave_up_its_rules_did_not_run_to_their_end():
    stuck = Finding("check/browser", "error", Location("issues/a.yaml"), phrase("the browser hangs"))
    idle = {*find_idle([stuck], Equipment(frozenset({"browser", "online"})))}
    assert ({"visual/overflow"}, set()) == (idle & {"visual/overflow"}, idle & {"link/dead", "img/weight"})
