"""Web hooks of sending services: requests that are proven theirs to what came back."""

from ruhrmail.hooks.fetch import Fetch, make_fetch
from ruhrmail.hooks.request import Classify, Hook, HookRefused, HookRequest
from ruhrmail.hooks.services import make_hooks

__all__ = ["Classify", "Fetch", "Hook", "HookRefused", "HookRequest", "make_fetch", "make_hooks"]
