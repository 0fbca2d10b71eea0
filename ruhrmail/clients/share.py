"""How many readers have which client."""

from collections.abc import Iterable, Mapping, Sequence

from ruhrmail.clients.support import Client, choose_clients


def spread_shares(shares: Mapping[str, float]) -> dict[Client, float]:
    """The percent of readers that use each client. A family's share is spread evenly over those of its clients that
    are not named themselves. Raises RuhrmailError for an unknown client."""
    chosen = {name: choose_clients([name]) for name in shares}
    single = {found[0] for name, found in chosen.items() if len(found) == 1}
    spread: dict[Client, float] = {}
    for name, found in chosen.items():
        among = found if len(found) == 1 else [one for one in found if one not in single]
        for client in among:
            spread[client] = spread.get(client, 0) + shares[name] / len(among)
    return spread


def name_clients(clients: Iterable[Client], chosen: Sequence[Client]) -> list[str]:
    """Clients in people's words: `GMX` where all that were chosen of a family are meant, else `GMX (Android)`."""
    wanted = list(clients)
    words = []
    for client in wanted:
        family = [one for one in chosen if one.family == client.family]
        short = client.name.partition(" (")[0]
        words.append(short if all(one in wanted for one in family) else client.name)
    return list(dict.fromkeys(words))
