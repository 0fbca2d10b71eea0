"""What templates may do: no access to Python's insides, and bounds on what they count, repeat and raise to."""

from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

PLAIN = (str, int, tuple, type(None))
MOST_TURNS, MOST_SIGNS, MOST_POWER = 500_000, 100_000, 1_000
"""Bounds of what a template may count, repeat and raise to: more than any newsletter needs, and soon done."""


class Turns:
    """`range` for one rendering: all its loops together go round `MOST_TURNS` times at most."""

    def __init__(self) -> None:
        self.left = MOST_TURNS

    def __call__(self, *bounds: int) -> range:
        """Python's range. Raises SecurityError when the turns are used up."""
        found = range(*bounds)
        self.left -= len(found)
        if self.left < 0:
            raise SecurityError(f"more than {MOST_TURNS} turns of range()")
        return found


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja without access to Python's insides, for pull requests bring templates too."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """A product or power. Raises SecurityError where it would fill the memory."""
        long, times = (left, right) if hasattr(left, "__len__") else (right, left)
        if operator == "*" and hasattr(long, "__len__") and isinstance(times, int) and len(long) * times > MOST_SIGNS:
            raise SecurityError(f"a text of more than {MOST_SIGNS} characters")
        if operator == "**" and max(abs(left), abs(right)) > MOST_POWER:
            raise SecurityError(f"a power of more than {MOST_POWER}")
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Plain values of public attributes are safe without the long way, which costs a third of a rendering."""
        if isinstance(value, PLAIN) and not attr.startswith("_"):
            return True
        return super().is_safe_attribute(obj, attr, value)
