"""Workers in words, and for machines."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from ruhrmail.cli.picture import duration, in_figures, name_of
from ruhrmail.cli.wording import iso, local

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
    show_silent(terminal, fleet)


def show_silent(terminal: "Terminal", fleet: "Fleet") -> None:
    """Who may be dead."""
    for one in fleet.silent:
        terminal.say("worker {name}: silent for {time}", name=name_of(one), time=duration(one.age.total_seconds()))


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
    }
