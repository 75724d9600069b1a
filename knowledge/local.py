"""Which entries hold where: local rules answer for their place only, nationwide ones everywhere."""

from collections.abc import Mapping, Sequence

from knowledge.entry import NATIONWIDE, Entry
from knowledge.place import Place

_LOOKED_AT = 4
"""Candidates among which a place's own form of the first is looked for."""


class Local:
    """The entries with the bureau's own place, for when no other is named."""

    def __init__(self, entries: Mapping[str, Entry], region: Place | None) -> None:
        self._entries, self._region = entries, region

    def is_elsewhere(self, entry: Entry, place: Place | None) -> bool:
        """Tell whether a local entry holds neither at the place asked about nor at the bureau's own."""
        where = place or self._region
        return entry.scope != NATIONWIDE and (where is None or not where.within(Place.parse(entry.scope)))

    def fitting(self, found: Sequence[Entry], place: Place | None) -> list[Entry]:
        """Put each local entry's nationwide counterpart in its stead where the local one does not hold."""
        fitting: list[Entry] = []
        for entry in found:
            stands = self._entries.get(entry.general or "", entry) if self.is_elsewhere(entry, place) else entry
            if stands not in fitting:
                fitting.append(stands)
        return self._prefer_local(fitting, place)

    def own(self, last: Entry, place: Place) -> list[Entry]:
        """Return what a place has of its own on an entry's topic, its own form of that very entry first."""
        own = [
            entry
            for entry in self._entries.values()
            if entry.topic == last.topic and entry.scope != NATIONWIDE and not self.is_elsewhere(entry, place)
        ]
        return sorted(own, key=lambda entry: not self.is_form(entry, last))

    def is_form(self, entry: Entry, last: Entry) -> bool:
        """Tell whether two entries are forms of one rule in different places, or the same."""
        return last.slug == entry.slug or (entry.general or entry.slug) == (last.general or last.slug)

    def _prefer_local(self, fitting: list[Entry], place: Place | None) -> list[Entry]:
        if fitting and fitting[0].scope == NATIONWIDE:
            local = next((e for e in fitting[:_LOOKED_AT] if e.general == fitting[0].slug), None)
            if local is not None and not self.is_elsewhere(local, place):
                fitting.remove(local)
                fitting.insert(0, local)
        return fitting
