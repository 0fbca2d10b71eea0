"""Limits divided into slots: workers that hold all of them together keep to what is configured, and no more."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from ruhrmail.config import Config, DomainLimit, Rate, Relay
from ruhrmail.deliver import Past


@dataclass(frozen=True, slots=True)
class Share:
    """What some of the slots may do: a relay that none of them has a part of is left out."""

    relays: tuple[Relay, ...]
    domains: tuple[DomainLimit, ...]


def slots_of(config: Config) -> int:
    """Into how many slots the limits are divided: as many as configured, unless a limit has fewer parts.

    One relay at least has a part for each slot; a receiving domain's limit is never exceeded, so the smallest counts.
    """
    relays = max((parts_of(one.connections, one.rates) for one in config.relays), default=1)
    domains = (parts_of(one.connections, one.rates) for one in config.domain_limits)
    return max(min((config.settings.delivery.slots, relays, *domains)), 1)


def parts_of(connections: int | None, rates: Iterable[Rate]) -> int:
    """Into how many parts connections and rates can be divided, each of one at least."""
    whole = [int(rate.count) for rate in rates]
    return max(min([*whole, *([connections] if connections is not None else [])], default=1), 1)


def share_of(relays: Iterable[Relay], domains: Iterable[DomainLimit], slots: Collection[int], total: int) -> Share:
    """What those who hold some of the slots may do."""
    parts = (replace(one, connections=part(one.connections, slots, total), rates=portions(one.rates, slots, total))
             for one in relays)  # fmt: skip
    return Share(
        tuple(one for one in parts if one.connections and all(rate.count for rate in one.rates)),
        tuple(share_domain(one, slots, total) for one in domains),
    )


def share_domain(limit: DomainLimit, slots: Collection[int], total: int) -> DomainLimit:
    """A receiving domain's limit for some of the slots; a limit below the number of slots is not divided to nothing."""
    connections = limit.connections
    held = None if connections is None else max(part(connections, slots, total), 1)
    rates = tuple(Rate(max(one.count, 1), one.per) for one in portions(limit.rates, slots, total))
    return replace(limit, connections=held, rates=rates)


def portions(rates: Iterable[Rate], slots: Collection[int], total: int) -> tuple[Rate, ...]:
    """The rates that some of the slots have together."""
    return tuple(Rate(part(int(one.count), slots, total), one.per) for one in rates)


def part(count: int, slots: Collection[int], total: int) -> int:
    """The part of a number that some of the slots have together; all of them have all of it."""
    return sum(count // total + (slot < count % total) for slot in slots)


def part_of_past(past: Iterable[Past], slots: Collection[int], total: int) -> tuple[Past, ...]:
    """What went out before, as far as it counts against some of the slots: rounded up, so that no limit is exceeded."""
    return tuple(replace(one, count=-(-one.count * len(slots) // total)) for one in past)
