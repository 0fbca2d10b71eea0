"""How long a claim holds, and how its token looks."""

from datetime import timedelta

LEASE = timedelta(minutes=15)
TOKEN_BYTES = 8
TOKEN_LENGTH = 2 * TOKEN_BYTES
"""How long the part of a token is that no other claim has; whose claim it is stands before it."""
