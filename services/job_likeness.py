"""Whether two posts are likely the same one: by employer, title, place and pay, strictly, for a wrong guess hides a post."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from db.jobs import Job

_FIRM = re.compile(r"(有限责任|股份有限|有限|集团|总|分)*公司|[（(][^）)]*[）)]|\s")
_PRAISE = re.compile(r"[（(【\[][^）)】\]]*[）)】\]]|急聘|急招|诚聘|高薪|招聘|[\s!！*/、,，.]")
_TAIL = re.compile(r"(人员|岗位|员|岗|工|师傅)$")
_NUMBER = re.compile(r"[0-9一二三四五六七八九十]")
_TELLING = re.compile(r"[0-9一二三四五六七八九十甲乙丙丁abcd]|长|主管|经理|助理|副|储备|实习|学徒|[日夜白早晚男女]")
"""Signs that make another post of a title that is alike."""
_EMPLOYER, _TITLE, _TITLE_SAME_PAY = 90, 85, 80
"""How alike, of 100, names must be; a little less where the pay is the very same."""
_PAY_APART = 0.2
_KEPT = 4096
"""Titles of which what was found is kept: lists repeat them."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What of a post is compared."""

    id: int
    source: str
    source_ref: str
    employer_id: int
    title: str
    kind: str
    city: str
    township_id: int | None
    place: str | None
    pay_from: int | None
    pay_to: int | None
    form: str
    shift: str | None


def traits(job: Job) -> Traits:
    """Return what of a post is compared."""
    return Traits(*(getattr(job, name) for name in Traits.__slots__))


class Posts:
    """The posts of one employer, found by titles that are alike."""

    def __init__(self) -> None:
        self._titled: dict[str, list[Traits]] = {}

    def add(self, post: Traits) -> None:
        """Put a post among them."""
        self._titled.setdefault(_core_title(post.title), []).append(post)

    def like(self, post: Traits) -> list[tuple[float, int]]:
        """Return how alike, of 100, and the ids of the other posts that may be the same one."""
        titles = process.extract(
            _core_title(post.title), list(self._titled), scorer=fuzz.ratio, score_cutoff=_TITLE_SAME_PAY, limit=None
        )
        return [
            (score, other.id)
            for title, alike, _ in titles
            for other in self._titled[title]
            if other.id != post.id and (score := _likeness(post, other, alike))
        ]


def _likeness(one: Traits, other: Traits, alike: float) -> float:
    """Return how alike two posts of one employer are, of 100, the titles being so alike; 0 when they are not the same."""
    if (one.source, one.source_ref) == (other.source, other.source_ref) or one.city != other.city:
        return 0
    if one.source == other.source:
        return 100 if _alike_in_one_list(one, other) else 0
    agree = _agree(one.township_id, other.township_id) and _agree(one.shift, other.shift) and one.form == other.form
    if not agree or (apart := _pay_apart(one, other)) > _PAY_APART or _telling(one.title) != _telling(other.title):
        return 0
    exact_pay = (one.pay_from, one.pay_to) == (other.pay_from, other.pay_to) != (None, None)
    return alike - apart if alike >= _TITLE or exact_pay else 0


def _alike_in_one_list(one: Traits, other: Traits) -> bool:
    """Tell whether one list names a post twice: it knows its own posts apart, so all must be equal."""
    marks = [
        (_plain(post.title), post.township_id, post.place, post.pay_from, post.pay_to, post.form, post.shift)
        for post in (one, other)
    ]
    return marks[0] == marks[1]


def _agree(one: object, other: object) -> bool:
    return one is None or other is None or one == other


def _pay_apart(one: Traits, other: Traits) -> float:
    """Return how far two ranges are apart, as a part of the higher one; 面议 says nothing."""
    if one.pay_from is None or one.pay_to is None or other.pay_from is None or other.pay_to is None:
        return 0
    pairs = ((one.pay_from, other.pay_from), (one.pay_to, other.pay_to))
    return max(abs(first - second) / max(first, second, 1) for first, second in pairs)


def _plain(title: str) -> str:
    return "".join(unicodedata.normalize("NFKC", title).split()).lower()


@lru_cache(_KEPT)
def _core_title(title: str) -> str:
    """Return 质检 for 急招质检员（长白班）; a title of nothing but praise stays."""
    bare = _PRAISE.sub("", _plain(title)) or _plain(title)
    return _TAIL.sub("", bare) or bare


@lru_cache(_KEPT)
def _telling(title: str) -> list[str]:
    return sorted(_TELLING.findall(_core_title(title)))


def core_name(employer: str) -> str:
    """Return what tells an employer from others, without 有限公司 and the like."""
    return _FIRM.sub("", employer) or employer


def like_employers(names: Mapping[int, str], wanted: Iterable[int]) -> dict[int, set[int]]:
    """Return, for each wanted employer, all whose names are about the same, itself too; 一分厂 is not 二分厂."""
    cores = {id_: core_name(name) for id_, name in names.items()}
    return {id_: {id_, *_like(cores[id_], cores)} for id_ in set(wanted)}


def _like(core: str, cores: Mapping[int, str]) -> list[int]:
    numbers = _NUMBER.findall(core)
    found = process.extract(core, cores, scorer=fuzz.ratio, score_cutoff=_EMPLOYER, limit=None)
    return [id_ for name, _, id_ in found if _NUMBER.findall(name) == numbers]
