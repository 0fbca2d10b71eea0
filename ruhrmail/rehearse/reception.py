"""One provider at work: its profile, what it remembers, and the answers it gives."""

from dataclasses import dataclass, field

from ruhrmail.rehearse.providers import At, Profile, Whim, draw

WELCOME = "250 2.1.5 recipient ok"
GO_AHEAD = "354 go ahead"
TAKEN = "250 2.0.0 taken"


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply, DROP for none, after so many seconds; `taken` tells whether the message was accepted."""

    reply: str
    delay: float = 0.0
    taken: bool = False


@dataclass(slots=True)
class Reception:
    """`busy` counts transactions at work here; times are seconds of the rehearsal's clock."""

    profile: Profile
    seed: int
    busy: int = 0
    first_at: dict[str, float] = field(default_factory=dict)
    _level: float = 0.0
    _level_at: float = 0.0

    def receive(self, address: str, now: float, carried: int) -> Answer:
        """The answer to RCPT on a connection that carried so many messages to this provider."""
        profile = self.profile
        self.first_at.setdefault(address, now)
        if profile.connections and self.busy >= profile.connections:
            return Answer(profile.crowded)
        if profile.per_connection and carried >= profile.per_connection:
            return Answer(profile.tired)
        whim = self._whim("rcpt", address, now)
        return Answer(whim.reply if whim else WELCOME)

    def spoils_text(self, address: str, tried_at: float) -> bool:
        """Whether the connection ends while the text comes."""
        return self._whim("body", address, tried_at) is not None

    def conclude(self, address: str, tried_at: float, now: float) -> Answer:
        """The answer to the whole text; `tried_at` is when this try's RCPT came."""
        profile = self.profile
        if profile.rate and not self._has_room(now):
            return Answer(profile.limited)
        if whim := self._whim("dot", address, tried_at):
            return Answer(whim.reply, profile.delay)
        if whim := self._whim("taken", address, tried_at):
            return Answer(whim.reply, profile.delay, taken=True)
        slow = profile.slow > 0 and draw(self.seed, profile.name, "slow", address) < profile.slow
        return Answer(TAKEN, profile.slow_delay if slow else profile.delay, taken=True)

    def _whim(self, at: At, address: str, tried_at: float) -> Whim | None:
        """The first whim that strikes this try at this point."""
        since_first = tried_at - self.first_at[address]
        for number, whim in enumerate(self.profile.whims):
            if whim.at == at and since_first <= whim.lasts and self._is_drawn(number, whim, address):
                return whim
        return None

    def _is_drawn(self, number: int, whim: Whim, address: str) -> bool:
        return draw(self.seed, self.profile.name, number, address) < whim.share

    def _has_room(self, now: float) -> bool:
        """A leaky bucket: `burst` at once, emptied at `rate` a second."""
        level = max(self._level - (now - self._level_at) * self.profile.rate, 0.0)
        has_room = level + 1 <= self.profile.burst
        self._level, self._level_at = level + has_room, now
        return has_room
