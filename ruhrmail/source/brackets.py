"""Where a bracket or brace opens that is never closed."""

from collections.abc import Iterator

import yaml

Place = tuple[int, int]
"""Line and column, from 0."""
CLOSES = {yaml.FlowSequenceEndToken: yaml.FlowSequenceStartToken, yaml.FlowMappingEndToken: yaml.FlowMappingStartToken}


def open_bracket(text: str) -> Place | None:
    """Where the innermost bracket or brace opens that is never closed; None where all are."""
    opened: list[yaml.Token] = []
    for token in scan(text):
        if isinstance(token, tuple(CLOSES.values())):
            opened.append(token)
        elif type(token) in CLOSES and opened:
            if not isinstance(opened[-1], CLOSES[type(token)]):
                break
            opened.pop()
    return (opened[-1].start_mark.line, opened[-1].start_mark.column) if opened else None


def scan(text: str) -> Iterator[yaml.Token]:
    """The tokens up to the first place that cannot be read."""
    try:
        yield from yaml.scan(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return  # the scan ends where the parser ended; what was read by then is what is asked for
