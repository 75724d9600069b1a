"""Read words that say too little by themselves among the entries around the one just answered."""

from collections.abc import Mapping
from dataclasses import replace

from knowledge import decide
from knowledge.entry import Entry
from knowledge.follow import COST, asks_cost
from knowledge.local import Local
from knowledge.match import Hit, Matcher, Reading
from knowledge.neighbours import Neighbours
from knowledge.place import Place

_CLOSE = 1.5
"""What being named as related is worth, in the scores of candidates."""


class Beside:
    """The matcher, held to the neighbours of an entry."""

    def __init__(
        self,
        entries: Mapping[str, Entry],
        matcher: Matcher,
        neighbours: Neighbours,
        local: Local,
        same: decide.Same,
    ) -> None:
        self._entries, self._matcher, self._neighbours, self._local = entries, matcher, neighbours, local
        self._same = same

    def rank(self, reading: Reading, last: Entry, place: Place | None) -> tuple[list[Hit], float]:
        """Return the neighbours, the nearest first, and how sure that one is."""
        around = [self._entries[slug] for slug in self._neighbours.around(last)]
        keys = {f"faq:{entry.slug}" for entry in around if entry is last or not self._local.is_elsewhere(entry, place)}
        found = self._rank(reading, keys, last)
        if found[1] < decide.ANSWER and asks_cost(reading.standard):
            other = self._rank(self._matcher.read(COST), keys, last)
            return max(found, other, key=lambda pair: pair[1])
        return found

    def _rank(self, reading: Reading, keys: set[str], last: Entry) -> tuple[list[Hit], float]:
        hits = [
            replace(hit, score=hit.score + _CLOSE) if self._neighbours.is_close(last, hit.key[4:]) else hit
            for hit in self._matcher.rank(reading, among=keys)
        ]
        hits.sort(key=lambda hit: -hit.score)
        return hits, decide.confidence(hits, self._same)
