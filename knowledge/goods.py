"""The catalogue of preferential goods and services (优待目录): reading it, and finding what somebody wants."""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from knowledge.entry import NATIONWIDE, Offer
from knowledge.fields import Fields, name_of
from knowledge.load import read_rows
from knowledge.normalise import Words, bare, simplify
from knowledge.place import Place
from knowledge.problem import Problem
from knowledge.terms import Terms, grams

_CODE = re.compile(r"[A-Z]{1,3}\d{1,5}")
_FIELDS = {
    "code", "name", "category", "offer", "who", "place", "address", "batch", "valid_from", "valid_to",
    "checked_on", "source", "note", "sample",
}  # fmt: skip
_CATEGORY, _NAME = 1.0, 0.4
"""What a named category weighs, and the least likeness of words that counts without one."""
_WHO = {
    "三属": "三属|遗属", "烈属": "三属|烈属|遗属", "军属": "军属|家属", "现役": "现役", "残疾军人": "残疾|伤残",
    "伤残军人": "残疾|伤残", "军嫂": "军属|家属|军人家庭",
}  # fmt: skip
"""Who asks, and how offers name them; an ordinary veteran is what most offers mean anyway."""


def read_offers(paths: Iterable[Path], problems: list[Problem]) -> dict[str, Offer]:
    """Read offer files; faults go to `problems`, a later file's offer replaces an earlier one of its code."""
    offers: dict[str, Offer] = {}
    for path in paths:
        here: set[str] = set()
        for row in read_rows(path, "offers", problems):
            offer = read_offer(row, path.name, problems)
            if offer is not None and offer.code in here:
                problems.append(Problem(path.name, offer.code, "code", "编号重复"))
            elif offer is not None:
                here.add(offer.code)
                offers[offer.code] = offer
    return offers


def read_offer(row: object, file: str, problems: list[Problem]) -> Offer | None:
    """Read one offer; None when it has any fault."""
    before = len(problems)
    fields = Fields(row, file, name_of(row, "code"), problems)
    fields.only(_FIELDS)
    offer = Offer(
        code=fields.need("code"), name=fields.need("name"), category=fields.need("category"), offer=fields.need("offer"),
        who=fields.need("who"), place=fields.need("place"), address=fields.text("address"), batch=fields.text("batch"),
        valid_from=fields.day("valid_from"), valid_to=fields.day("valid_to"), checked_on=fields.day("checked_on"),
        source=fields.text("source"), note=fields.text("note"), sample=fields.row.get("sample") is True,
    )  # fmt: skip
    if offer.code and not _CODE.fullmatch(offer.code):
        fields.fault("code", "编号是一到三个大写字母加数字，如 YH012")
    return offer if len(problems) == before else None


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for in the catalogue."""

    categories: tuple[str, ...]
    place: Place | None
    who: str | None
    words: str


class Catalogue:
    """The offers that may be shown, with their search."""

    def __init__(
        self, offers: Sequence[Offer], categories: Mapping[str, Sequence[str]], words: Words, *, samples: bool
    ) -> None:
        self.offers = tuple(offer for offer in offers if samples or not offer.sample)
        self._categories, self._words = categories, words
        self._terms = Terms((_pieces(bare(simplify(o.name + o.offer + o.category))) for o in self.offers), _pieces)

    def categories(self, today: date) -> list[str]:
        """Return the categories that have an offer now, the fullest first."""
        found = [o.category for o in self.offers if o.valid_on(today)]
        return sorted(set(found), key=lambda c: (-found.count(c), c))

    def find(self, code: str) -> Offer | None:
        """Return the offer of a code, typed in any width or case."""
        wanted = simplify(code).upper()
        return next((o for o in self.offers if o.code == wanted), None)

    def wish(self, text: str, place: Place | None) -> Wish:
        """Read categories, identity and the rest out of a question."""
        plain = bare(simplify(text))
        named = tuple(c for c, words in self._categories.items() if any(w.lower() in plain for w in (c, *words)))
        who = next((w for w in _WHO if w in plain), None)
        return Wish(named, place, who, bare(self._words.standard(simplify(text))))

    def search(self, wish: Wish, region: Place | None, today: date) -> list[Offer]:
        """Return valid offers by fit; a named place is binding, else the bureau's own region and nationwide come first."""
        likeness = self._terms.scores(wish.words) if self.offers else np.zeros(0)
        scored = []
        for offer, like in zip(self.offers, likeness, strict=True):
            here = _here(offer, wish.place or region)
            score = _CATEGORY * (offer.category in wish.categories) + float(like)
            wanted = score >= _CATEGORY if wish.categories else like >= _NAME or not wish.words
            if offer.valid_on(today) and wanted and (here or wish.place is None) and _for(offer, wish.who):
                scored.append((not here, -score, offer.code, offer))
        return [offer for *_, offer in sorted(scored, key=lambda s: s[:3])]


def _pieces(text: str) -> list[Hashable]:
    return grams(text, 2, 3)


def _here(offer: Offer, place: Place | None) -> bool:
    if offer.place == NATIONWIDE or offer.sample:
        return True
    where = Place.parse(offer.place)
    return place is not None and (place.within(where) or where.within(place))


def _for(offer: Offer, who: str | None) -> bool:
    return who is None or re.search(_WHO[who], offer.who) is not None
