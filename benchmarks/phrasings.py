"""As many phrasings and questions as a benchmark needs, made from the shipped ones by a seeded hand."""

import random
import re
from collections.abc import Mapping, Sequence

from knowledge.cutting import cut
from knowledge.match import Document

_NUMBER = re.compile(r"[0-9]+")
_GREETINGS = ("您好,", "请问一下", "我想问问,", "麻烦帮我看看", "", "", "", "")


def many(shipped: Sequence[Document], count: int) -> list[Document]:
    """Return that many phrasings under their own documents: shipped ones, then the halves of two joined, numbers changed.

    A joined phrasing belongs where its first half does.
    """
    chance = random.Random(count)
    owned = {p: document.key for document in shipped for p in document.phrasings}
    found = dict(chance.sample(list(owned.items()), min(count, len(owned))))
    if len(found) < count:
        halves = [(words[: len(words) // 2], words[len(words) // 2 :], key) for words, key in _cut(owned)]
        while len(found) < count:
            first, _, key = chance.choice(halves)
            joined = "".join((*first, *chance.choice(halves)[1]))
            found[_NUMBER.sub(lambda _: str(chance.randint(1, 99)), joined)] = key
    grouped: dict[str, list[str]] = {}
    for phrasing, key in found.items():
        grouped.setdefault(key, []).append(phrasing)
    return [
        Document(document.key, grouped[document.key], document.about) for document in shipped if document.key in grouped
    ]


def _cut(owned: Mapping[str, str]) -> list[tuple[tuple[str, ...], str]]:
    return [(cut(phrasing), key) for phrasing, key in owned.items()]


def questions(shipped: Sequence[str], count: int, seed: int = 1) -> list[str]:
    """Return different questions as people type them: a phrasing with a character lost or doubled, some with a greeting."""
    chance = random.Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        text = chance.choice(shipped)
        at = chance.randrange(len(text))
        found[chance.choice(_GREETINGS) + text[:at] + text[at] * chance.choice((0, 2)) + text[at + 1 :]] = None
    return list(found)
