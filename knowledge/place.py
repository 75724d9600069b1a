"""Places named in questions: which local rules and offers may answer."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_PART = re.compile(r"(.{2,}?)(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|地区|省|市|区|县|旗|州|盟)")


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
        names = sorted((n for n in self._places if len(n) > 1), key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, names)) or "(?!)")

    def find(self, text: str) -> Place | None:
        """Return the narrowest place that a text names, None for none."""
        found = [self._places[name] for name in self._pattern.findall(text)]
        return max(found, key=lambda place: len(place.parts), default=None)
