"""Where a conversation stands: the entries around the one just answered, and words that lead away from them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping

from knowledge.cutting import cut
from knowledge.entry import Entry

_SPECIFIC, _SEEN, _LEAST = 0.5, 5, 2
"""From what share of its phrasings in one topic a word belongs to it, how often it must be seen, and its characters."""


class Neighbours:
    """Entries by topic and by what is related, and the topic that each telling word belongs to."""

    def __init__(self, entries: Mapping[str, Entry], plain: Callable[[str], str]) -> None:
        self._entries, self._plain = entries, plain
        self._topics: defaultdict[str, set[str]] = defaultdict(set)
        self._near: defaultdict[str, set[str]] = defaultdict(set)
        said: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for entry in entries.values():
            self._topics[entry.topic].add(entry.slug)
            for other in filter(entries.__contains__, entry.related):
                self._near[entry.slug].add(other)
                self._near[other].add(entry.slug)
            for phrasing in entry.asked_as():
                for word in set(self._words(phrasing)):
                    said[word][entry.topic] += 1
        self._about = dict(_telling(said))

    def around(self, entry: Entry) -> set[str]:
        """Return the slugs of the entries that words after this one may mean, itself among them."""
        return self._topics[entry.topic] | self._near[entry.slug] | {entry.slug}

    def is_close(self, entry: Entry, other: str) -> bool:
        """Tell whether one of the two entries names the other as related."""
        return other in self._near[entry.slug]

    def leads_away(self, text: str, entry: Entry) -> bool:
        """Tell whether a text names the subject of a topic that this entry has nothing to do with."""
        topics = {self._entries[slug].topic for slug in self.around(entry)}
        return any(self._about[word] not in topics for word in self._words(text) if word in self._about)

    def _words(self, text: str) -> Iterable[str]:
        return (word for word in cut(self._plain(text)) if len(word) >= _LEAST)


def _telling(said: Mapping[str, Counter[str]]) -> Iterable[tuple[str, str]]:
    for word, topics in said.items():
        topic, times = topics.most_common(1)[0]
        if topics.total() >= _SEEN and times >= _SPECIFIC * topics.total():
            yield word, topic
