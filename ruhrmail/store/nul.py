"""A text's NUL characters, which PostgreSQL cannot keep, as U+FFFD."""

NUL, REPLACEMENT = "\0", "\N{REPLACEMENT CHARACTER}"


def without_nul(text: str) -> str:
    """A text as PostgreSQL can keep it."""
    return text.replace(NUL, REPLACEMENT) if NUL in text else text
