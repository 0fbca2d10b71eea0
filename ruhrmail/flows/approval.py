"""May this be sent? Where the project demands approval, only the very content that somebody approved."""

from collections.abc import Mapping, Sequence

from ruhrmail.config import Config
from ruhrmail.errors import NotApproved
from ruhrmail.flows.mailing import Draft, content_hash
from ruhrmail.flows.trail import changed_entry, read_trail
from ruhrmail.flows.work import destination_of
from ruhrmail.model.account import Approval
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.store import Mailing


def manifest_to_send(mailing: Mailing | None, draft: Draft | None) -> Mapping[str, str]:
    """What a `send` would mail: the draft's content where there is one, else that of the mailing that began."""
    chosen = draft.new if draft is not None else mailing
    assert chosen is not None
    return chosen.manifest


def is_demanded(config: Config) -> bool:
    """Whether mailings need an approval; a trial into a folder never does."""
    return config.settings.approval == "required" and destination_of(config) != "maildir"


def find_approval(trail: Sequence[Approval], manifest: Mapping[str, str]) -> Approval | None:
    """The latest approval of exactly this content; None where there is none."""
    wanted = content_hash(manifest)
    return next((one for one in reversed(trail) if one.sha256 == wanted), None)


def check_approval(config: Config, slug: str, mailing: Mailing | None, draft: Draft | None) -> Approval | None:
    """The approval of what is about to be sent, None where there is none and none is needed. Raises NotApproved,
    InvalidInput for a file of approvals that cannot be read."""
    trail, manifest = read_trail(config, slug), manifest_to_send(mailing, draft)
    found = find_approval(trail, manifest)
    if found is None and is_demanded(config):
        raise not_approved(slug, trail, manifest, changed_entry(config, slug))
    return found


def foretell_approval(config: Config, slug: str, mailing: Mailing | None, draft: Draft | None) -> Phrase | None:
    """The same in words, before anything is asked; None where it does not matter."""
    try:
        found = check_approval(config, slug, mailing, draft)
    except NotApproved as refusal:
        return refusal.message
    return phrase("by {name} on {day}", name=found.by, day=found.at.date().isoformat()) if found else None


def not_approved(
    slug: str, trail: Sequence[Approval], manifest: Mapping[str, str], changed: Location | None = None
) -> NotApproved:
    """The refusal, with what changed since somebody approved, or the entry that somebody changed, and whom to ask."""
    if changed is not None:
        return NotApproved(
            phrase("{slug} is not approved: the entry at {place} does not fit its own hash", slug=slug, place=changed),
            hint=phrase("somebody changed it; git shows who. Ask for a new one: `ruhrmail approve {slug}`", slug=slug),
        )
    if not trail:
        return NotApproved(
            phrase("{slug} is not approved, and this project demands it", slug=slug),
            hint=phrase("ask whoever may approve it: `ruhrmail approve {slug}`, then commit the file", slug=slug),
        )
    last = trail[-1]
    return NotApproved(
        phrase("{slug} is not what {name} approved on {day}; changed since: {what}", slug=slug, name=last.by,
               day=last.at.date().isoformat(), what=", ".join(differences(last.manifest, manifest))),
        hint=phrase("ask {name} to look again: `ruhrmail approve {slug}`; or restore what was approved", name=last.by,
                    slug=slug),
    )  # fmt: skip


def differences(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """The names of what is not the same in two manifests."""
    return sorted(name for name in {*before, *now} if before.get(name) != now.get(name))
