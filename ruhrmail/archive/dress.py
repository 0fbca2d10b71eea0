"""A finished page, dressed for a web space that sends no headers of ours."""

from html import escape

from ruhrmail.policy import page_policy

CHARSET = b'<meta charset="utf-8">'
HEAD_END = b"</head>"


def dress(page: bytes, description: str = "") -> bytes:
    """The page with its policy as `<meta>` right behind the charset, and a description for machines (JSON-LD)."""
    if description:
        page = describe_in(page, description)
    policy = escape(page_policy(page)).replace("&#x27;", "'")
    return page.replace(
        CHARSET, CHARSET + f'\n<meta http-equiv="Content-Security-Policy" content="{policy}">'.encode(), 1
    )


def describe_in(page: bytes, description: str) -> bytes:
    """The page with a description for machines; browsers do not run it."""
    block = f'<script type="application/ld+json">{description}</script>\n'.encode()
    return page.replace(HEAD_END, block + HEAD_END, 1)
