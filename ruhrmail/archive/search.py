"""Full-text search without a server: an index that the page's own script reads piece by piece.

The pieces are scripts, each of them one call: browsers load those from a folder on disk too. Their names are made from
their content, so that the list of documents never meets a piece of another day.

Words are folded in the same way here and in `templates/search.js`: small letters, ä as ae, ß as ss, accents dropped. A
word with hyphens stands in the index as a whole and in its parts.
"""

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from ruhrmail.archive.masthead import Masthead, newest_first, path_of
from ruhrmail.archive.words import archive_words
from ruhrmail.model.archive import Leaf, Story

FOLDER = "search"
DOCUMENTS = f"{FOLDER}/documents.js"
WORD = re.compile(r"[^\W_]+(?:[-‐‑*:_'’.][^\W_]+)*")
PART = re.compile(r"[^\W_]+")
FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "æ": "ae", "å": "a"})
TITLE, KICKER, MOST = 12, 6, 5
"""What a word counts in a title and in a kicker; in the text it counts as often as it is there, up to `MOST`."""
OTHER = "0"
"""The piece of the index for words that begin with no letter from a to z."""


@dataclass(frozen=True, slots=True)
class Document:
    """A page that can be found."""

    path: str
    title: str
    date: str
    note: str
    text: str
    body: str


def write_search(masthead: Masthead, leaves: Sequence[Leaf]) -> Mapping[str, bytes]:
    """The list of documents, and a piece of the index for each first letter: `{"word": [document, weight, …]}`.

    Documents are numbered from the oldest on, so that a new issue leaves most of the index as it is.
    """
    newest = [one for leaf in newest_first(leaves) for one in documents_of(masthead, leaf)]
    documents = newest[::-1]
    shown = [[one.path, one.title, one.date, one.note, one.text] for one in documents]
    words: dict[str, dict[str, list[int]]] = defaultdict(dict)
    for number, document in enumerate(documents):
        for word, weight in weigh(document).items():
            words[piece_of(word)].setdefault(word, []).extend((number, weight))
    pieces = {letter: compact(dict(sorted(found.items()))) for letter, found in sorted(words.items())}
    names = {letter: f"{letter}-{sha256(piece).hexdigest()[:12]}" for letter, piece in pieces.items()}
    return {
        DOCUMENTS: call("documents", compact({"documents": shown, "pieces": names})),
        **{f"{FOLDER}/index/{names[letter]}.js": call(names[letter], piece) for letter, piece in pieces.items()},
    }


def call(name: str, value: bytes) -> bytes:
    """The script that hands a value to `search.js`."""
    return b'foundInArchive("%s",%s);\n' % (name.encode(), value)


def documents_of(masthead: Masthead, leaf: Leaf) -> Iterator[Document]:
    """The page of an issue, then those of its articles."""
    words, stories = archive_words(masthead.language), {story.place: story for story in leaf.about.stories}
    for page, body in leaf.texts.items():
        story = stories.get(page, Story("", page)) if page else None
        title, text = (story.title or page, story.text) if story else (leaf.about.title, leaf.about.text)
        note = story.kicker if story else words.issue(leaf.number)
        path = path_of(leaf, page).removesuffix("index.html")
        yield Document(path, title, words.day(leaf.date), note, text, body)


def weigh(document: Document) -> Mapping[str, int]:
    """Every word of a document and how much it counts."""
    found = Counter({word: min(count, MOST) for word, count in Counter(fold_words(document.body)).items()})
    for text, weight in ((document.title, TITLE), (document.note, KICKER)):
        for word in set(fold_words(text)):
            found[word] += weight
    return found


def fold_words(text: str) -> Iterator[str]:
    """The words of a text, folded: `E-Mail-Größe` as emailgroesse, e, mail, groesse."""
    for match in WORD.finditer(unicodedata.normalize("NFC", text)):
        parts = [fold(part) for part in PART.findall(match[0])]
        if len(parts) > 1:
            yield "".join(parts)
        yield from parts


def fold(word: str) -> str:
    """`Größe` as groesse, `Café` as cafe."""
    plain = unicodedata.normalize("NFC", word).lower().translate(FOLDED)
    return "".join(sign for sign in unicodedata.normalize("NFD", plain) if not unicodedata.combining(sign))


def piece_of(word: str) -> str:
    """Which piece of the index holds a word."""
    return word[0] if "a" <= word[0] <= "z" else OTHER


def compact(value: object) -> bytes:
    """JSON without spaces, which is JavaScript too (ECMAScript 2019)."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
