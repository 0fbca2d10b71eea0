"""YAML events to plain values and their marks."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.source.document import Keys, Mark, Value

MAX_DEPTH = 50
MAX_NODES = 50_000
PLAIN_NULLS = frozenset({"", "~", "null"})
Place = tuple[int, int]
Refusal = tuple[str, Place, Phrase, Phrase]


class Refused(Exception):
    """YAML that is well formed and still not accepted: rule, place, message and hint of each reason."""

    def __init__(self, items: list[Refusal]) -> None:
        super().__init__()
        self.items = items


@dataclass(slots=True)
class Node:
    """A value on its way, with the places of its parts; `height` is how many levels lie below it."""

    value: Value
    place: Place
    style: str = ""
    children: list[tuple[str | int, Place, "Node"]] = field(default_factory=list)
    size: int = 1
    height: int = 0


class Builder:
    """Builds one document; `marks` is complete once `build` has returned."""

    def __init__(self) -> None:
        self.marks: dict[Keys, Mark] = {}
        self.refused: list[Refusal] = []
        self.anchors: dict[str, Node] = {}
        self.open_anchors: set[str] = set()
        self.unused: dict[str, yaml.Event] = {}

    def build(self, events: Iterator[yaml.Event]) -> Value:
        """The document's value. Raises Refused, or the parser's own error."""
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                self.refuse(
                    "yaml/documents",
                    event,
                    phrase("a second document begins here"),
                    phrase("delete the line with ---: one file holds one document"),
                )
                break
            if isinstance(event, yaml.NodeEvent):
                root = self.node(event, events, 0)
        for name, event in self.unused.items():
            self.lose(name, event)
        if self.refused:
            raise Refused(sorted(self.refused, key=lambda one: one[1]))
        if root is None:
            return None
        self.mark((), root.place, root)
        return root.value

    def node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        """The node that begins with `event`."""
        self.bound_depth(depth, event)
        if isinstance(event, yaml.AliasEvent):
            node = self.alias(event)
            self.bound_depth(depth + node.height, event)
            return node
        self.refuse_tag(event)
        anchor: str | None = getattr(event, "anchor", None)
        if anchor:
            self.open_anchors.add(anchor)
            if anchor in self.unused:
                self.lose(anchor, self.unused[anchor])
            self.unused[anchor] = event
        node = self.content(event, events, depth)
        if anchor:
            self.open_anchors.discard(anchor)
            self.anchors[anchor] = node
        self.bound(node, event)
        return node

    def content(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        """A scalar, list or mapping."""
        if isinstance(event, yaml.ScalarEvent):
            plain = not event.style or event.style == ""
            value = None if plain and event.value.lower() in PLAIN_NULLS else event.value
            return Node(value, place_of(event), event.style or "")
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(event, events, depth)
        return self.mapping(event, events, depth)

    def sequence(self, start: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        """A list, up to its end event."""
        items: list[Value] = []
        node = Node(items, place_of(start))
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            item = self.node(event, events, depth + 1)
            node.children.append((len(items), item.place, item))
            items.append(item.value)
            node.size += item.size
            node.height = max(node.height, item.height + 1)
        return node

    def mapping(self, start: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        """A mapping with text keys, each once, up to its end event."""
        values: dict[str, Value] = {}
        node = Node(values, place_of(start))
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self.key(event, events, depth, values)
            value = self.node(next(events), events, depth + 1)
            if key is not None:
                values[key] = value.value
                node.children.append((key, place_of(event), value))
                node.size += value.size
                node.height = max(node.height, value.height + 1)
        return node

    def key(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int, seen: dict[str, Value]) -> str | None:
        """A mapping's key, None where it is refused."""
        if not isinstance(event, yaml.ScalarEvent):
            self.node(event, events, depth + 1)
            self.refuse(
                "yaml/key",
                event,
                phrase("a key must be plain text"),
                phrase("put text that begins with a bracket or brace in quotation marks"),
            )
            return None
        self.refuse_tag(event)
        if event.anchor:
            self.lose(event.anchor, event)
        key = str(event.value)
        if key == "<<" and not event.style:
            self.refuse(
                "yaml/merge-key", event, phrase("merge keys (<<) are not accepted"), phrase("write the entries out")
            )
            return None
        if key in seen:
            self.refuse(
                "yaml/duplicate-key",
                event,
                phrase("the key {key} stands here a second time", key=key),
                phrase("delete one of the two"),
            )
            return None
        return key

    def alias(self, event: yaml.AliasEvent) -> Node:
        """The node an alias stands for, with the alias's own place."""
        name = str(event.anchor)
        if name in self.open_anchors:
            self.stop("yaml/recursion", event, phrase("*{name} contains itself", name=name), phrase("write it out"))
        node = self.anchors.get(name)
        if node is None:
            self.stop(
                "yaml/alias",
                event,
                phrase("there is no anchor of this name: {name}", name=name),
                phrase("put a text that begins with * in quotation marks"),
            )
            raise AssertionError("unreachable")
        self.unused.pop(name, None)
        self.bound(node, event)
        return Node(node.value, place_of(event), "", node.children, node.size, node.height)

    def refuse_tag(self, event: yaml.Event) -> None:
        """A tag, or a word that begins with an exclamation mark."""
        tag = getattr(event, "tag", None)
        if tag is not None:
            self.refuse(
                "yaml/tag",
                event,
                phrase("tags such as {tag} are not accepted", tag=tag),
                phrase("delete the tag, or put the text in quotation marks"),
            )

    def lose(self, name: str, event: yaml.Event) -> None:
        """Refuses an anchor that no alias uses before a text without quotation marks: it is the text's first word, and
        would not stand in the mail. Before anything else nobody takes it for a word."""
        if not isinstance(event, yaml.ScalarEvent) or event.style:
            return
        self.refuse(
            "yaml/anchor",
            event,
            phrase("&{name} would be lost: YAML takes it for an anchor, and no *{name} uses it", name=name),
            phrase("put the text in quotation marks, or delete an anchor that is not needed any more"),
        )

    def bound_depth(self, depth: int, event: yaml.Event) -> None:
        """Stops a file that is nested too deep, by itself or by what its aliases stand for."""
        if depth > MAX_DEPTH:
            self.stop(
                "yaml/depth",
                event,
                phrase("the file is nested more than {depth} levels deep", depth=MAX_DEPTH),
                phrase("close brackets that were opened by mistake"),
            )

    def bound(self, node: Node, event: yaml.Event) -> None:
        """Stops a file whose aliases or lists grow beyond what an issue can be."""
        if node.size > MAX_NODES:
            self.stop(
                "yaml/too-many",
                event,
                phrase("the file holds more than {count} values", count=MAX_NODES),
                phrase("split the file; aliases count with all they stand for"),
            )

    def mark(self, keys: Keys, key: Place, node: Node) -> None:
        """Notes the places of a node and everything below it."""
        self.marks[keys] = Mark(key, node.place, node.style)
        for name, place, child in node.children:
            self.mark((*keys, name), place, child)

    def refuse(self, rule: str, event: yaml.Event, message: Phrase, hint: Phrase) -> None:
        """Notes a reason; reading goes on, so that all of them are told at once."""
        self.refused.append((rule, place_of(event), message, hint))

    def stop(self, rule: str, event: yaml.Event, message: Phrase, hint: Phrase) -> None:
        """Notes a reason after which reading on makes no sense."""
        self.refuse(rule, event, message, hint)
        raise Refused(self.refused)


def place_of(event: yaml.Event) -> Place:
    """Line and column of an event, from 0."""
    mark = event.start_mark
    return (mark.line, mark.column) if mark else (0, 0)
