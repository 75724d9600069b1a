"""Places named in questions: which local rules and offers may answer."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from knowledge.cutting import cut

_KIND = "(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|地区|省|市|区|县|旗|州|盟)"
_PART = re.compile(f"(.{{2,}}?){_KIND}")


@dataclass(frozen=True, slots=True)
class Place:
    """A place from the province down, in short names: ("浙江", "桐乡")."""

    parts: tuple[str, ...]

    @classmethod
    def parse(cls, name: str) -> "Place":
        """Read 浙江省桐乡市, 浙江桐乡 or 桐乡."""
        parts, rest = [], name
        while found := _PART.match(rest):
            parts.append(found[1])
            rest = rest[found.end() :]
        return cls(tuple([*parts, rest] if rest else parts))

    def within(self, other: "Place") -> bool:
        """Tell whether this place lies in the other, or is it."""
        return bool(self.parts and other.parts) and other.parts[-1] in self.parts

    def __str__(self) -> str:
        return "".join(self.parts)


class Gazetteer:
    """Every place name that may be met in a question."""

    def __init__(
        self, provinces: Mapping[str, Iterable[str]], scopes: Iterable[str], landmarks: Mapping[str, str]
    ) -> None:
        self._places: dict[str, Place] = {}
        for province, cities in provinces.items():
            self._places[province] = Place((province,))
            for city in cities:
                self._places[city] = Place((province, *Place.parse(city).parts))
        for scope in scopes:
            place = Place.parse(scope)
            for depth in range(1, len(place.parts) + 1):
                known = self._places.get(place.parts[depth - 1])
                if known is None or len(known.parts) < depth:
                    self._places[place.parts[depth - 1]] = Place(place.parts[:depth])
        self._places |= {name: Place.parse(full) for name, full in landmarks.items()}
        self.places: Mapping[str, Place] = self._places
        names = sorted((n for n in self._places if len(n) > 1), key=len, reverse=True)
        name = f"(?:{'|'.join(map(re.escape, names)) or '(?!)'})"
        self._spoken = re.compile(f"(?:{name}{_KIND}?)+")
        self._name, self._address = re.compile(name), re.compile(f"{name}(?:{_KIND}?{name})+")

    def find(self, text: str) -> Place | None:
        """Return the narrowest place that a text names, None for none."""
        found = [self._places[name] for name in self._named(text)]
        return max(found, key=lambda place: len(place.parts), default=None)

    def without(self, text: str, mark: str) -> str:
        """Return a text with a mark where its places were named."""
        return self._spoken.sub(mark, text)

    def _named(self, text: str) -> Iterator[str]:
        """Find names where words begin and end, as 保定 does not in 医保定点; a word may go on behind one: 石首市.

        Names that follow one another hold however the words are cut: 湖南岳阳 is cut as 湖, 南岳, 阳.
        """
        spans = _spans(text)
        ends = {end for _, end in spans}
        for start, end in spans:
            if address := self._address.match(text, start):
                yield from self._name.findall(address[0])
            elif (name := self._name.match(text, start)) and (name.end() < end or name.end() in ends):
                yield name[0]


def _spans(text: str) -> list[tuple[int, int]]:
    """Return where each word begins and ends."""
    spans, end = [], 0
    for word in cut(text):
        start = text.index(word, end)
        end = start + len(word)
        spans.append((start, end))
    return spans
