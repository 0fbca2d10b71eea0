"""Workers in words, and for machines."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from ruhrmail.cli.picture import describe_hindered, duration, in_figures, name_of, names_of
from ruhrmail.cli.wording import iso, local
from ruhrmail.flows.events import Away, Back, Crewed, Crewless, Hampered, Resting
from ruhrmail.flows.fleet import NO_WORKER

if TYPE_CHECKING:
    from ruhrmail.cli.terminal import Terminal
    from ruhrmail.flows.status import Standing
    from ruhrmail.model.fleet import Fleet, Worker


def show_workers(terminal: "Terminal", standing: "Standing") -> None:
    """Who sends an open mailing, or why nobody does."""
    for one in standing.workers:
        terminal.say("  worker {name}, since {since}: {slots} of {total} slots, {rate} a second, {sent} sent in all",
                     name=name_of(one), since=local(one.started_at), slots=len(one.slots), total=standing.slots,
                     rate=in_figures(one.rate), sent=one.sent)  # fmt: skip
    if standing.obstacle is not None:
        terminal.say("  {obstacle}", obstacle=standing.obstacle)
    elif not standing.workers:
        terminal.say("  workers begin it then")


def show_others(terminal: "Terminal", fleet: "Fleet", shown: Collection[str]) -> None:
    """The workers that stand below none of the mailings shown: those at rest, and the silent."""
    for one in fleet.alive:
        if not (one.slots and one.mailing in shown):
            terminal.say("worker {name}, since {since}: sends nothing now, {sent} sent in all", name=name_of(one),
                         since=local(one.started_at), sent=one.sent)  # fmt: skip
    show_hindered(terminal, fleet)
    show_silent(terminal, fleet)


def show_silent(terminal: "Terminal", fleet: "Fleet") -> None:
    """Who may be dead."""
    for one in fleet.silent:
        terminal.say("worker {name}: silent for {time}", name=name_of(one), time=duration(one.age.total_seconds()))


def show_hindered(terminal: "Terminal", fleet: "Fleet") -> None:
    """What keeps workers from sending, and what to do."""
    for one in fleet.hindered:
        terminal.say(describe_hindered(one))
        terminal.hint(terminal.out, one.hindrance.advice)


def tell_of_fleet(terminal: "Terminal", event: Resting | Crewed | Crewless | Hampered | Away | Back) -> None:
    """What the workers do, or why they do not, as it changes."""
    match event:
        case Resting():
            terminal.tell("deferred mail is tried again at {time}", time=event.until.astimezone().strftime("%H:%M:%S"))
        case Crewed():
            crew = names_of(event.workers)
            terminal.tell("workers send it: {workers}; Ctrl+C ends only the looking on", workers=crew)
        case Crewless():
            terminal.tell(NO_WORKER)
            if event.silent:
                terminal.tell("silent: {workers}", workers=names_of(event.silent))
        case Hampered(()):
            terminal.tell("nothing keeps the workers from sending any more")
        case Hampered():
            for one in event.found:
                terminal.tell(describe_hindered(one))
                terminal.hint(terminal.err, one.hindrance.advice)
        case Away():
            terminal.tell("{reason}; looking on as soon as it answers", reason=event.reason)
        case Back():
            terminal.tell("the store answers again")


def fleet_as_json(standing: "Standing") -> dict[str, Any]:
    """All workers, and how many slots are held for this mailing; nothing where there is no fleet."""
    fleet = standing.fleet
    if fleet is None:
        return {}
    held = fleet.held(standing.figures.mailing)
    return {
        "slots": {"held": held, "total": standing.slots},
        "workers": [worker_as_json(one, one in fleet.alive) for one in fleet.workers],
    }


def worker_as_json(worker: "Worker", alive: bool) -> dict[str, Any]:
    """One worker, as it last said."""
    return {
        "name": worker.name,
        "host": worker.host,
        "pid": worker.pid,
        "alive": alive,
        "since": iso(worker.started_at),
        "silent_seconds": round(worker.age.total_seconds(), 1),
        "mailing": worker.mailing or None,
        "slots": list(worker.slots),
        "sent": worker.sent,
        "messages_per_second": round(worker.rate, 2),
        "hindrances": [
            {
                "relay": one.relay or None,
                "since": iso(one.since),
                "reason": str(one.reason),
                "advice": str(one.advice) if one.advice else None,
            }
            for one in worker.hindrances
        ],
    }
