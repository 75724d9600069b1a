"""All open posts at once, so that a hundred thousand wishes are compared with them by a few operations on bits each."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import date
from functools import reduce
from itertools import accumulate, count
from operator import or_
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from knowledge.job_wish import Post, Wish

Nearness = Literal["", "exact", "near"]

_NIGHT = ("night", "rotating")
_TERMS = 2000
"""Terms that are kept with the posts that have them, a bit for each post."""


class Board:
    """Posts, newest first, and for each thing that may be wished for an integer with a bit for each post that offers it."""

    def __init__(
        self,
        posts: Iterable[Post],
        neighbours: Mapping[int, frozenset[int]] | None = None,
        townships: Mapping[int, str] | None = None,
    ) -> None:
        self.posts = tuple(sorted(posts, key=lambda post: -post.id))
        self.townships = dict(townships or {})
        """Names by id, for whoever says why a post matches."""
        self._neighbours = dict(neighbours or {})
        self._every = (1 << len(self.posts)) - 1
        self._kinds = self._by(lambda post: post.kind)
        self._cities = self._by(lambda post: post.city)
        self._townships = self._by(lambda post: post.township)
        self._shifts = self._by(lambda post: post.shift)
        self._forms = self._by(lambda post: post.form)
        self._employers = self._by(lambda post: post.employer_id)
        self._places = {post.id: place for place, post in enumerate(self.posts)}
        self._groups: defaultdict[int, list[int]] = defaultdict(list)
        for place, post in enumerate(self.posts):
            self._groups[post.group].append(place)
        self._doubled = self._set(place for places in self._groups.values() if len(places) > 1 for place in places)
        self._home = {post.city for post in self.posts if post.township is not None}
        self._pays = _AtLeast(self._by(lambda post: post.pay_to or post.pay_from or 0))
        self._closing = _AtLeast(self._by(lambda post: post.closes_on.toordinal()))
        self._ages: dict[int, int] = {}
        self._said: dict[str, int] = {}

    def find(self, wish: Wish, today: date) -> list[Post]:
        """Return the posts that a wish allows, newest first."""
        return list(self.at(self.bits(wish, today)))

    def near(self, post: Post, wish: Wish) -> Nearness:
        """Tell whether a post is in a township wished for, or next to one; "" where none was, or it is in neither."""
        if post.township in wish.townships:
            return "exact"
        return "near" if any(post.township in self._neighbours.get(one, ()) for one in wish.townships) else ""

    def bits(self, wish: Wish, today: date) -> int:
        """Return the posts that a wish allows, as bits."""
        found = self._closing.of(today.toordinal()) & self._where(wish) & ~_union(self._kinds, wish.not_kinds)
        if wish.kinds:
            found &= _union(self._kinds, wish.kinds)
        if wish.pay_from:
            found &= self._pays.of(wish.pay_from)
        if wish.form:
            found &= self._forms.get(wish.form, 0)
        if wish.shift:
            found &= self._at_times(wish.shift)
        if wish.birth_year is not None:
            # Before or after this year's birthday is not known: a post for either age may be one for them.
            age = today.year - wish.birth_year
            found &= self._of_age(age) | self._of_age(age - 1)
        return found

    def of(self, ids: Iterable[int]) -> int:
        """Return the posts with these ids and those of their groups, as bits."""
        return self._set(place for id_ in ids for place in (*self._groups.get(id_, ()), *self._alone(id_)))

    def count(self, bits: int) -> int:
        """Tell how many posts there are among bits, those of one group counted once."""
        doubled = bits & self._doubled
        return (bits ^ doubled).bit_count() + len({post.group for post in self.at(doubled)})

    def saying(self, term: str) -> int:
        """Return the posts whose title or text has a term, as bits; asked for again, it is known."""
        if term not in self._said:
            if len(self._said) >= _TERMS:
                self._said.clear()
            self._said[term] = self._set(
                n for n, post in enumerate(self.posts) if term in post.title or term in post.about
            )
        return self._said[term]

    def like(self, employers: Iterable[int], kinds: Iterable[str], townships: Iterable[int | None]) -> int:
        """Return the posts of any of these employers, kinds or townships, as bits."""
        return (
            _union(self._employers, employers) | _union(self._kinds, kinds) | _union(self._townships, townships)
        )  # fmt: skip

    def within(self, townships: Iterable[int]) -> int:
        """Return the posts of these townships, without those next to them, as bits."""
        return _union(self._townships, townships)

    def closing_by(self, day: date) -> int:
        """Return the posts that are shown until a day at most, as bits."""
        return self._every & ~self._closing.of(day.toordinal() + 1)

    def at(self, bits: int) -> Iterator[Post]:
        """Give the posts of bits, newest first."""
        while bits:
            lowest = bits & -bits
            yield self.posts[lowest.bit_length() - 1]
            bits ^= lowest

    def _by(self, what: Callable[[Post], Hashable]) -> dict[Hashable, int]:
        numbers: defaultdict[Hashable, int] = defaultdict(count().__next__)
        column = np.fromiter((numbers[what(post)] for post in self.posts), np.int32, len(self.posts))
        return {value: _as_int(column == number) for value, number in numbers.items()}

    def _set(self, places: Iterable[int]) -> int:
        mask = np.zeros(len(self.posts), np.bool_)
        mask[list(places)] = True
        return _as_int(mask)

    def _alone(self, id_: int) -> tuple[int, ...]:
        return (self._places[id_],) if id_ in self._places else ()

    def _where(self, wish: Wish) -> int:
        """Return the posts of a place; a township narrows the city that it belongs to."""
        if not (wish.cities or wish.townships):
            return self._every
        near = {one for township in wish.townships for one in (township, *self._neighbours.get(township, ()))}
        narrowed = self._home if wish.townships else ()
        return _union(self._townships, near) | _union(self._cities, [c for c in wish.cities if c not in narrowed])

    def _at_times(self, shift: str) -> int:
        """Return the posts of a shift; what a post does not say rules out nothing but night work somebody looks for."""
        if shift == "no_night":
            return self._every & ~_union(self._shifts, _NIGHT)
        unsaid = self._shifts.get(None, 0) if shift == "day" else 0
        return self._shifts.get(shift, 0) | unsaid

    def _of_age(self, age: int) -> int:
        if age not in self._ages:
            self._ages[age] = self._set(
                place
                for place, post in enumerate(self.posts)
                if (post.age_from or 0) <= age <= (post.age_to or age)
            )  # fmt: skip
        return self._ages[age]


class _AtLeast:
    """Of things that are counted, the posts that have so much or more."""

    def __init__(self, by_value: Mapping[Hashable, int]) -> None:
        falling = sorted(((value, bits) for value, bits in by_value.items() if isinstance(value, int)), reverse=True)
        self._values = [value for value, _ in reversed(falling)]
        sums: list[int] = list(accumulate((bits for _, bits in falling), or_))
        self._bits = [*reversed(sums), 0]

    def of(self, value: int) -> int:
        return self._bits[bisect_left(self._values, value)]


def _union(bits: Mapping[Hashable, int], values: Iterable[Hashable]) -> int:
    return reduce(or_, (bits.get(value, 0) for value in values), 0)


def _as_int(mask: NDArray[np.bool_]) -> int:
    return int.from_bytes(np.packbits(mask, bitorder="little").tobytes(), "little")
