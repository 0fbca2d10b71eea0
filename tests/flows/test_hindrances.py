"""What keeps a worker from sending is known while it lasts, and names nobody."""

from datetime import UTC, datetime, timedelta

from ruhrmail.deliver import RelayTrouble, RelayWorks
from ruhrmail.errors import RelayError, RuhrmailError
from ruhrmail.flows.hindrances import Hindrances
from ruhrmail.model.fleet import Hindrance
from ruhrmail.model.phrase import phrase

NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=3)
CHECK = phrase("check user and password")


def refused(relay: str = "main", reply: str = "535 no", connected: int = 0) -> RelayTrouble:
    return RelayTrouble(relay, RelayError(phrase("refused: {reply}", reply=reply), hint=CHECK), 5.0, connected)


def test_a_reason_may_change_and_since_when_it_holds_does_not() -> None:
    found = Hindrances()
    found.hear(refused(reply="535 no"), NOON)
    found.hear(refused(reply="535 still no"), LATER)
    assert (Hindrance("main", NOON, phrase("refused: {reply}", reply="535 still no"), CHECK),) == found.all


def test_a_relay_that_works_keeps_nobody_from_sending_and_another_still_does() -> None:
    found = Hindrances()
    found.hear(refused("main"), NOON)
    found.hear(refused("second"), LATER)
    found.note(RuhrmailError(phrase("the key cannot be used")), LATER)
    found.hear(RelayWorks("main"), LATER)
    assert ["second"] == [one.relay for one in found.all]


def test_a_relay_that_takes_fewer_connections_works() -> None:
    found = Hindrances()
    found.hear(refused(connected=3), NOON)
    assert () == found.all


def test_what_ended_a_run_is_told_once_where_it_is_known_of_a_relay() -> None:
    found = Hindrances()
    found.hear(refused(), NOON)
    found.note(refused().error, LATER)
    assert ["main"] == [one.relay for one in found.all]
    found.note(RuhrmailError(phrase("the secret is another")), LATER)
    assert ["main", ""] == [one.relay for one in found.all]
    found.clear()
    found.note(RelayError(phrase("no relay is configured here")), LATER)
    assert ["no relay is configured here"] == [str(one.reason) for one in found.all]


def test_nobody_is_named() -> None:
    found = Hindrances()
    reply = phrase("{code} {text}", code=421, text="<lea.berg@hafen.example> is over quota")
    said = phrase("turned away: {reply}", reply=reply)
    found.hear(RelayTrouble("main", RelayError(said, hint=phrase("ask {whom}", whom="kim@hafen.example")), 1.0), NOON)
    assert ("turned away: 421 <***> is over quota", "ask ***") == (
        str(found.all[0].reason),
        str(found.all[0].advice),
    )
