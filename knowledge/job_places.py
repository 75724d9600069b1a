"""The places that a wish for work may name, and how each of them may be called."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from knowledge.counties import counties
from knowledge.index import Snapshot
from knowledge.place import Gazetteer, Place

TAIL = re.compile(r"(?:镇|乡|街道|(?:经济|技术|高新|产业|工业)*(?:开发区|园区|新区))$")
"""What stands behind the name proper of a township."""
_ZONE = re.compile(r"(?:开发区|园区|新区)$")


@dataclass(frozen=True, slots=True)
class JobPlaces:
    """The places that words may name, and the year that turns an age into a year of birth."""

    home: str
    """The bureau's own county or city in its short name, such as 如东; empty when it has none."""
    townships: Mapping[str, int]
    """Full names of the bureau's townships, such as 城东街道, with their ids."""
    gazetteer: Gazetteer
    year: int

    @classmethod
    def here(cls, snapshot: Snapshot, townships: Mapping[str, int], today: date) -> "JobPlaces":
        """Return the places of the bureau that a snapshot was made for."""
        home = snapshot.region.parts[-1] if snapshot.region else ""
        return cls(home, townships, snapshot.places, today.year)

    @property
    def names(self) -> "Names":
        """Return every name that is looked for."""
        return _names(self.home, tuple(sorted(self.townships.items())), self.gazetteer)


@dataclass(frozen=True, slots=True)
class Named:
    """What a name means: a city by its short name, or a township by its id."""

    city: str = ""
    township: int = 0
    whole: bool = True
    """Said with 镇, 乡 or 县, so that it cannot be another word."""
    above: Place | None = None
    """Where a city lies, for those that are in the gazetteer."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names with what they mean, and patterns of them, longest first."""

    meaning: Mapping[str, Named]
    towns: re.Pattern[str]
    cities: re.Pattern[str]


@lru_cache(4)
def _names(home: str, townships: tuple[tuple[str, int], ...], gazetteer: Gazetteer) -> Names:
    clear, doubtful = counties()
    known = {name: place for name, place in gazetteer.places.items() if len(name) > 1}
    meaning = {f"{name}{tail}": Named(name) for name in clear | doubtful for tail in "县市"}
    meaning |= {name: Named(name, whole=False) for name in clear}
    meaning |= {name: Named(place.parts[-1], whole=False, above=place) for name, place in known.items()}
    meaning |= {f"{name}市": Named(place.parts[-1], above=place) for name, place in known.items()}
    if home:
        meaning |= {name: Named(home, whole=name != home) for name in (home, f"{home}县", f"{home}市", f"{home}区")}
    for full, number in townships:
        for name, whole in _called(full):
            if whole or name not in known:
                meaning[name] = Named(township=number, whole=whole)
            elif home:
                meaning |= {f"{home}{of}{name}": Named(township=number) for of in ("", "的", "县", "县的", "这边的")}
    towns = [name for name, named in meaning.items() if named.township]
    return Names(meaning, _either(towns), _either(meaning.keys() - set(towns)))


def _either(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))) or "(?!)")


def _called(full: str) -> list[tuple[str, bool]]:
    """Return how a township is called, and whether it can then mean nothing else: 沿海经济开发区 is 沿海开发区, never 沿海."""
    base = TAIL.sub("", full)
    if zone := _ZONE.search(full):
        return [(full, True), (base + zone[0], True)]
    tails = ("镇", "乡", "街道") if base != full else ()
    return [(full, True), *((base + tail, True) for tail in tails), *([(base, False)] if len(base) > 1 else [])]
