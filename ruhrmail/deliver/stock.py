"""The claims that wait in this process, by receiving domain: one that is slowed down holds nobody else up."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator

from ruhrmail.deliver.domains import domain_of
from ruhrmail.model.ledger import Claim


class Stock:
    """Domains take turns; within one, claims keep their order. Claims added for `later` wait for all others."""

    def __init__(self) -> None:
        self._later: deque[Claim] = deque()
        self._claims: dict[str, deque[Claim]] = {}
        self._turns: deque[str] = deque()
        self._count = 0

    def __len__(self) -> int:
        return self._count + len(self._later)

    def add_later(self, claim: Claim) -> None:
        """A claim that may have ended a connection: the others go first."""
        self._later.append(claim)

    def add(self, claims: Iterable[Claim]) -> None:
        """Claims that were just made."""
        for claim in claims:
            domain = domain_of(claim)
            waiting = self._claims.get(domain)
            if waiting is None:
                waiting = self._claims[domain] = deque()
                self._turns.append(domain)
            waiting.append(claim)
            self._count += 1

    def pick(self, admits: Callable[[str], bool]) -> tuple[str, Claim] | None:
        """The next claim of a domain that may have one now."""
        for _ in range(len(self._turns)):
            domain = self._turns.popleft()
            waiting = self._claims[domain]
            if not admits(domain):
                self._turns.append(domain)
                continue
            claim = waiting.popleft()
            self._count -= 1
            if waiting:
                self._turns.append(domain)
            else:
                del self._claims[domain]
            return domain, claim
        for index, claim in enumerate(self._later):
            if admits(domain := domain_of(claim)):
                del self._later[index]
                return domain, claim
        return None

    def offers(self, admits: Callable[[str], bool]) -> bool:
        """Whether `pick` would find one."""
        return any(map(admits, self._turns)) or any(admits(domain_of(claim)) for claim in self._later)

    def domains(self) -> list[str]:
        """Whose claims wait, but for those that were added for later."""
        return list(self._turns)

    def all_domains(self) -> set[str]:
        """Whose claims wait."""
        return {*self._turns, *map(domain_of, self._later)}

    def take_beyond(self, domain: str, keep: int) -> Iterator[Claim]:
        """The claims of a domain behind the first `keep`, in order."""
        waiting = self._claims[domain]
        behind = [waiting.pop() for _ in range(len(waiting) - keep)]
        self._count -= len(behind)
        yield from reversed(behind)

    def empty(self) -> list[Claim]:
        """Takes out everything."""
        found = [*(claim for waiting in self._claims.values() for claim in waiting), *self._later]
        self._later.clear()
        self._claims.clear()
        self._turns.clear()
        self._count = 0
        return found
