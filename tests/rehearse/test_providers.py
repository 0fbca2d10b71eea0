"""Chance is seeded, follows the shares, and does not depend on order."""

import re
from collections import Counter

import pytest

from ruhrmail.rehearse import PROFILES, Profile, Providers
from ruhrmail.rehearse.providers import draw

DOMAINS = [f"liste{number}.example" for number in range(5000)]


def hosts(seed: int) -> list[str]:
    providers = Providers(PROFILES, seed)
    return [providers.of(f"a@{domain}").name for domain in DOMAINS]


def test_the_same_seed_gives_the_same_hosts_and_another_seed_others():
    assert hosts(1) == hosts(1)
    assert hosts(1) != hosts(2)


def test_domains_are_hosted_by_their_shares():
    total = sum(profile.share for profile in PROFILES)
    counted = Counter(hosts(7))
    for profile in PROFILES:
        assert pytest.approx(profile.share / total, abs=0.03) == counted[profile.name] / len(DOMAINS)


def test_a_draw_is_a_number_from_0_to_1_spread_evenly():
    found = [draw(3, "whim", address) for address in DOMAINS]
    assert 0 <= min(found)
    assert max(found) < 1
    assert pytest.approx(0.5, abs=0.03) == sum(found) / len(found)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_every_reply_of_a_profile_is_one(profile: Profile):
    replies = [whim.reply for whim in profile.whims if whim.at in ("rcpt", "dot")]
    replies += [profile.limited] * bool(profile.rate) + [profile.crowded] * bool(profile.connections)
    replies += [profile.tired] * bool(profile.per_connection)
    assert [] == [reply for reply in replies if not re.fullmatch(r"[45]\d\d (?:[45]\.\d+\.\d+ )?[ -~]+", reply)]


def test_every_domain_has_one_provider():
    domains = [domain for profile in PROFILES for domain in profile.domains]
    assert len(set(domains)) == len(domains)
